/** `npx tsx test/browser/example/shots.ts FOLDER`: what the page looks like, to be looked at by a person. */
import { join } from 'node:path'
import { choose, comesTo, reaches } from './figures.ts'
import { openPage, servePage } from './open-page.ts'

const folder = process.argv[2]
if (!folder) throw new TypeError('expected a folder to put the pictures into')

const complaints: string[] = []
const served = await servePage(report => complaints.push(report))
for (const colorScheme of ['light', 'dark']) {
  const { page, close } = await openPage(served.address, complaints, { colorScheme })
  const shoot = async (name: string) => {
    for (const [width, height] of [
      [1440, 900],
      [360, 780],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.screenshot({ path: join(folder, `${colorScheme}-${width}-${name}.png`), fullPage: true })
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  await shoot('empty')
  await page.click('#make-samples')
  await reaches(page, 'Ready')
  await page.setInputFiles('#files', [
    { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('words') },
    { name: 'torn.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]) },
  ])
  await choose(page, 'both', 2)
  await page.click('#go')
  await comesTo(page, 14)
  // The one for a README, small.
  await page.setViewportSize({ width: 1320, height: 860 })
  await page.screenshot({ path: join(folder, `page-${colorScheme}.jpg`), type: 'jpeg', quality: 80 })
  await page.setViewportSize({ width: 360, height: 780 })
  await page.screenshot({ path: join(folder, `${colorScheme}-360-running.png`), fullPage: true })
  await page.setViewportSize({ width: 1440, height: 900 })
  await comesTo(page, 40)
  await page.click('#go')
  await shoot('paused')
  await page.click('#go')
  await reaches(page, 'Done')
  await shoot('done')
  await choose(page, 'checksums')
  await page.click('#go')
  await reaches(page, 'Done')
  await shoot('checksums')
  await close()
}
await served.close()
for (const complaint of complaints) console.error(complaint)
process.exit(complaints.length === 0 ? 0 : 1)
