throw new RangeError('this module cannot be loaded')
