import { openPage, servePage } from './open-page.ts'

const out = '/tmp/h-page/shots'
const complaints: string[] = []
const served = await servePage(text => complaints.push(text))
for (const scheme of (process.argv[2] ?? 'light,dark').split(',')) {
  const { page, close } = await openPage(served.address, complaints, { colorScheme: scheme })
  const shot = async (name: string, full = true) => {
    for (const [w, h] of [
      [1440, 1000],
      [360, 780],
    ] as const) {
      await page.setViewportSize({ width: w, height: h })
      await page.evaluate(() => scrollTo(0, 0))
      await page.screenshot({ path: `${out}/${scheme}-${w}-${name}.png`, fullPage: full })
    }
    await page.setViewportSize({ width: 1440, height: 1000 })
  }
  await shot('empty')
  await page.selectOption('#sample-count', '200')
  await page.click('#make-samples')
  await page.waitForFunction(() => document.getElementById('state')?.textContent === 'Ready', undefined, {
    timeout: 120_000,
  })
  await page.check('input[value=both]', { force: true })
  await page.setInputFiles('#files', [
    { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('this is a text') },
    {
      name: 'holiday/broken.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
    },
  ])
  await shot('ready')
  await page.click('#go')
  await page.waitForFunction(
    () => Number(document.getElementById('bar')?.getAttribute('aria-valuenow')) > 20,
    undefined,
    { timeout: 120_000 },
  )
  await shot('running')
  await page.click('#go')
  await new Promise(r => setTimeout(r, 2500))
  await shot('paused')
  await page.click('#go')
  await page.waitForFunction(() => document.getElementById('state')?.textContent === 'Done', undefined, {
    timeout: 120_000,
  })
  await shot('done')
  await page.check('input[value=checksums]', { force: true })
  await page.click('#go')
  await page.waitForFunction(() => document.getElementById('state')?.textContent === 'Done', undefined, {
    timeout: 120_000,
  })
  await shot('checksums')
  console.log(complaints, await page.evaluate(() => (window as any).policyViolations))
  await close()
}
await served.close()
process.exit()
