import { expose } from 'sluice/worker'

expose({
  setup() {
    throw new Error('the model is not there')
  },
  predict: (n: number) => n,
})
