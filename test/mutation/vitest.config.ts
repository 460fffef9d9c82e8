import { defineConfig } from 'vitest/config'
import main, { native } from '../../vitest.config.ts'

// StrykerJS runs one project: the behaviour tests on the platform's own streams. Most mutants of a queue make some
// test hang, so that what costs time is how long a hanging test may take; tests of whole programs see no mutants.
const { projects: _, ...shared } = main.test ?? {}
const exclude = [...native.exclude, 'test/{examples,docs}/**', 'test/contract/leaks.test.ts']

export default defineConfig({ ...main, test: { ...shared, ...native, exclude, testTimeout: 2000 } })
