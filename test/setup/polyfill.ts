import * as polyfill from 'web-streams-polyfill'

// Runs before a test file is loaded, so the library's classes extend the polyfill's.
for (const [name, value] of Object.entries(polyfill)) {
  if (/^(Readable|Writable|Transform|ByteLength|Count)/.test(name)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
  }
}
