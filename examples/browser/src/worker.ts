import { expose } from 'sluice/worker'
import { look } from './work/look.ts'
import { copy, sample } from './work/sample.ts'
import { sha256 } from './work/sha256.ts'
import { thumbnail } from './work/thumbnail.ts'

// What runs in the web workers. The page has the types of these exports, and never loads this file itself.
export { copy, look, sample, sha256, thumbnail }

expose({ copy, look, sample, sha256, thumbnail })
