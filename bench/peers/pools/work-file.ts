import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The folder of the benchmark; put in when the scenarios are built, since a bundle is elsewhere. */
declare const BENCH_FOLDER: string

/** A module that workers load. It is not bundled: they get the file as it is. */
export const workFile = (name: string): URL => pathToFileURL(join(BENCH_FOLDER, 'peers/pools', name))
