import { describe } from 'vitest'
import { sinkEntries } from './enrolled-sinks.ts'
import { sourceEntries } from './enrolled-sources.ts'
import { stageEntries } from './enrolled-stages.ts'
import { sinkContract } from './sink-suite.ts'
import { sourceContract } from './source-suite.ts'
import { stageContract } from './suite.ts'

const named = ({ symbol, variant }: { symbol: string; variant?: string }) =>
  `${symbol}()${variant ? `: ${variant}` : ''}`

for (const entry of stageEntries) describe(named(entry), () => stageContract(entry))
for (const entry of sourceEntries) describe(named(entry), () => sourceContract(entry))
for (const entry of sinkEntries) describe(named(entry), () => sinkContract(entry))
