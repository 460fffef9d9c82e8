import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeError, encodeError } from '../../src/executors/wire-error.ts'
import { runs } from '../setup/runs.ts'

/** There and back, through a clone, as between two threads. */
const across = (error: unknown): unknown => decodeError(structuredClone(encodeError(error)))

/** Whether the engine writes the name and the message above the frames: Firefox does not. */
const TITLED = String(new Error('title').stack).startsWith('Error: title')

class ParseError extends SyntaxError {
  readonly code = 'E_PARSE'
  readonly line: number
  constructor(message: string, line: number, options?: ErrorOptions) {
    super(message, options)
    this.line = line
  }
}

describe('an error that crosses', () => {
  it.each([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    'is revived as %o',
    type => {
      const error = new type('message')
      const back = across(error) as Error
      expect(back).toBeInstanceOf(type)
      expect(back.constructor).toBe(type)
      expect(back).toMatchObject({ name: type.name, message: 'message', stack: error.stack })
      expect(Object.keys(back)).toEqual([])
    },
  )

  it('is revived as a DOMException', () => {
    const back = across(new DOMException('gone', 'AbortError')) as DOMException
    expect(back).toBeInstanceOf(DOMException)
    expect(back).toMatchObject({ name: 'AbortError', message: 'gone', code: 20 })
  })

  it('is revived as an AggregateError with its errors', () => {
    const back = across(new AggregateError([new RangeError('a'), 'b'], 'both')) as AggregateError
    expect(back).toBeInstanceOf(AggregateError)
    expect(back.message).toBe('both')
    expect(back.errors).toEqual([new RangeError('a'), 'b'])
    expect(back.errors[0]).toBeInstanceOf(RangeError)
  })

  it('keeps the name of its class, its fields, and the built-in class that it comes from', () => {
    const back = across(new ParseError('odd', 3)) as ParseError
    expect(back).toBeInstanceOf(SyntaxError)
    expect(back.constructor.name).toBe('ParseError')
    expect(back).toMatchObject({ name: 'ParseError', message: 'odd', code: 'E_PARSE', line: 3 })
    expect(back.stack).toMatch(TITLED ? /^ParseError: odd\n/ : /^ParseError@/)
  })

  it('crosses without the field whose getter throws', () => {
    const error = Object.assign(new RangeError('odd'), { code: 'E_ODD' })
    const get = () => {
      throw new Error('not now')
    }
    Object.defineProperty(error, 'detail', { get, enumerable: true })
    const back = across(error)
    expect(back).toBeInstanceOf(RangeError)
    expect(back).toMatchObject({ message: 'odd', code: 'E_ODD', detail: undefined })
  })

  it('crosses as undefined if it is nothing that can be cloned, nor has a text', () => {
    expect(across(Symbol('s'))).toBe('Symbol(s)')
    expect(across(Object.assign(Object.create(null), { f() {} }))).toBe(undefined)
  })

  it('has its stack as it was, under its own name, whatever its message is', () => {
    // Also one that is a part of the parent's name, or of what Firefox writes of a frame.
    for (const message of ['e', 'm', 'Error', ':', '@']) {
      const error = new ParseError(message, 3)
      const stack = String(error.stack)
      const frames = TITLED ? stack.slice(stack.indexOf('\n')) : stack
      expect((across(error) as Error).stack).toBe(TITLED ? `ParseError: ${message}${frames}` : frames)
    }
  })

  it('keeps a name of its own', () => {
    const error = new Error('slow')
    error.name = 'TimeoutError'
    expect(across(error)).toMatchObject({ name: 'TimeoutError', message: 'slow' })
  })

  it('keeps its causes, falsy ones too, and survives one that is itself', () => {
    const back = across(new Error('outer', { cause: new ParseError('inner', 1, { cause: 0 }) })) as Error
    expect(back.cause).toMatchObject({ name: 'ParseError', line: 1, cause: 0 })
    expect(Object.keys(back)).toEqual([])
    const round = new Error('round')
    round.cause = round
    expect((across(round) as Error).cause).toMatchObject({ message: 'round' })
  })

  it('leaves out fields that cannot be cloned', () => {
    const error = Object.assign(new Error('m'), {
      fn: () => 1,
      symbol: Symbol('s'),
      deep: { fn: () => 1 },
      good: [1],
    })
    expect(Object.keys(across(error) as Error)).toEqual(['good'])
  })

  it('carries the other stack below its own, and what is known of the item', () => {
    const error = new TypeError('m')
    const back = decodeError(encodeError(error), '\n    -- made by: --\n    at main', {
      index: 7,
      stage: 's',
    }) as Error
    expect(back.stack).toBe(`${error.stack}\n    -- made by: --\n    at main`)
    expect(back).toMatchObject({ index: 7, stage: 's' })
    const own = Object.assign(new Error('m'), { index: 'mine' })
    expect(decodeError(encodeError(own), '', { index: 7 })).toMatchObject({ index: 'mine' })
  })

  it('is any value that can be cloned, and the text of one that cannot', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        expect(across(value)).toEqual(structuredClone(value))
      }),
      { numRuns: runs(100) },
    )
    expect(across(undefined)).toBe(undefined)
    expect(across(Symbol('s'))).toBe('Symbol(s)')
    expect(across(() => 1)).toBe('() => 1')
  })

  it('is not made up of what every object has', () => {
    const error = new Error('m')
    Object.defineProperty(error, 'constructor', { value: { name: 'toString' } })
    expect(across(error)).toMatchObject({ message: 'm', name: 'toString' })
  })
})
