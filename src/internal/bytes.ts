/**
 * With a buffer that is not shared, as `CompressionStream` wants it; before TypeScript 5.7 `Uint8Array` has no such
 * parameter.
 */
export type Bytes = ReturnType<InstanceType<typeof TextEncoder>['encode']>
