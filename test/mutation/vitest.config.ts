import { defineConfig } from 'vitest/config'
import main, { native } from '../../vitest.config.ts'

// StrykerJS runs one project: the behaviour tests on the platform's own streams.
const { projects: _, ...shared } = main.test ?? {}

export default defineConfig({ ...main, test: { ...shared, ...native } })
