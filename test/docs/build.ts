/** `npm run docs`: the API pages and the guide, as a site in docs/, which nobody commits. A complaint is a failure. */
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { makeSite } from './site.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs', import.meta.url))
const complaints = await makeSite(folder)
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exitCode = 1
else console.log(`${folder}/index.html`)
