/** Hues of a sky from the top down, of the hills, and of the water. */
const LIGHTS = [
  ['#1d3f72', '#6fa3cf', '#f3e3c0', '#24485c', '#9fc3d6'],
  ['#27204d', '#b0466b', '#f7a95c', '#3a2342', '#e08f6a'],
  ['#0b1633', '#22456e', '#7f9fb8', '#0d1d2b', '#3f6684'],
  ['#4b86b8', '#a9d3e8', '#fbf4dd', '#3e6b4a', '#a5cbd2'],
  ['#5a5f7d', '#c2a9a6', '#f2d7bd', '#4b4a55', '#c9b3ab'],
  ['#0e4a5a', '#4fa79b', '#f1e8b8', '#123b3a', '#86c4b2'],
] as const

/** Draws hills and a lake; as a photograph has it, with grain, which is most of what its file holds. */
export function draw(pen: OffscreenCanvasRenderingContext2D, seed: number, grain: boolean): void {
  const { width, height } = pen.canvas
  const random = randomFrom(seed)
  const [top, middle, low, hill, water] = LIGHTS[seed % LIGHTS.length] as (typeof LIGHTS)[number]
  const shore = height * (0.6 + random() * 0.14)

  const sky = pen.createLinearGradient(0, 0, 0, shore)
  sky.addColorStop(0, top)
  sky.addColorStop(0.6, middle)
  sky.addColorStop(1, low)
  pen.fillStyle = sky
  pen.fillRect(0, 0, width, height)

  const [sunX, sunY] = [width * (0.15 + random() * 0.7), shore * (0.35 + random() * 0.4)]
  const glow = pen.createRadialGradient(sunX, sunY, 0, sunX, sunY, height * 0.45)
  glow.addColorStop(0, 'rgb(255 250 225 / 95%)')
  glow.addColorStop(0.1, 'rgb(255 240 200 / 80%)')
  glow.addColorStop(0.14, 'rgb(255 235 190 / 30%)')
  glow.addColorStop(1, 'rgb(255 235 190 / 0%)')
  pen.fillStyle = glow
  pen.fillRect(0, 0, width, shore)

  const ridges = 4
  for (let ridge = 0; ridge < ridges; ridge++) {
    const near = (ridge + 1) / ridges
    const base = shore - height * 0.26 * (1 - near) * (0.6 + random() * 0.4)
    const waves = [1, 2.3, 5.1, 11.7, 31].map(f => ({
      f: f * (0.7 + random()),
      p: random() * 7,
      a: 1 / f ** 0.85,
    }))
    pen.globalAlpha = 0.3 + 0.7 * near
    pen.fillStyle = hill
    pen.beginPath()
    pen.moveTo(0, shore)
    for (let x = 0; x <= width; x += 4) {
      const t = (x / width) * 6
      const rise = waves.reduce((sum, { f, p, a }) => sum + a * Math.sin(t * f + p), 0)
      pen.lineTo(x, Math.min(shore, base - height * 0.045 * (1.3 - near * 0.6) * rise - height * 0.03))
    }
    pen.lineTo(width, shore)
    pen.fill()
  }
  pen.globalAlpha = 1

  // The lake shows what is above it, upside down.
  pen.save()
  pen.beginPath()
  pen.rect(0, shore, width, height - shore)
  pen.clip()
  pen.translate(0, 2 * shore)
  pen.scale(1, -1)
  pen.drawImage(pen.canvas, 0, 0)
  pen.restore()
  pen.fillStyle = water
  pen.globalAlpha = 0.38
  pen.fillRect(0, shore, width, height - shore)
  pen.globalAlpha = 0.16
  pen.fillStyle = '#fff'
  for (let line = 0; line < 140; line++) {
    const depth = random() ** 2
    const y = shore + depth * (height - shore)
    const long = width * (0.02 + 0.2 * depth) * random()
    pen.fillRect(random() * width, y, long, Math.max(1, height * 0.0018 * (0.4 + depth)))
  }
  pen.globalAlpha = 1

  if (grain) sprinkle(pen, random)
}

/** Lays grain over the image: a tile of noise, side by side. */
function sprinkle(pen: OffscreenCanvasRenderingContext2D, random: () => number): void {
  const edge = 512
  const tile = new OffscreenCanvas(edge, edge)
  const brush = tile.getContext('2d')
  if (!brush) return
  const noise = brush.createImageData(edge, edge)
  for (let at = 0; at < noise.data.length; at += 4) {
    noise.data.fill(random() * 255, at, at + 3)
    noise.data[at + 3] = 32
  }
  brush.putImageData(noise, 0, 0)
  const pattern = pen.createPattern(tile, 'repeat')
  if (!pattern) return
  pen.fillStyle = pattern
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height)
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
