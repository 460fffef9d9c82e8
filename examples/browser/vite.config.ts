import { defineConfig } from 'vite'

const source = (name: string) => new URL(`../../src/${name}.ts`, import.meta.url).pathname

/** What a strict site would send: nothing inline, nothing evaluated, nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export default defineConfig({
  resolve: {
    // The library as it lies here. In a project of yours that has it from npm, leave this out.
    alias: [
      { find: /^sluice$/, replacement: source('index') },
      { find: /^sluice\/parallel$/, replacement: source('parallel.browser') },
      { find: /^sluice\/worker$/, replacement: source('worker') },
    ],
  },
  build: {
    target: 'es2022',
    // A file of its own for everything: `data:` is not in the policy.
    assetsInlineLimit: 0,
    rolldownOptions: { output: { keepNames: true } },
  },
  // The names of error classes are shown to people.
  worker: { format: 'es', rolldownOptions: { output: { keepNames: true } } },
  preview: {
    headers: { 'Content-Security-Policy': POLICY, 'X-Content-Type-Options': 'nosniff' },
  },
})
