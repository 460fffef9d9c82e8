import { expose } from 'sluice/worker'

expose({
  setup: () => new Promise<never>(() => {}),
  predict: (n: number) => n,
})
