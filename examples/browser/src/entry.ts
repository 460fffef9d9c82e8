/** A thumbnail, and what it was made from. */
export interface Thumbnail {
  readonly blob: Blob
  readonly width: number
  readonly height: number
  /** The same, to be painted once as it comes; its width is 0 then. */
  readonly preview: ImageBitmap
  /** Of the image itself, in pixels. */
  readonly fullWidth: number
  readonly fullHeight: number
}

/** A file on its way: it gains what the stages make of it. A `File` is a handle, not the bytes. */
export interface Entry {
  readonly path: string
  readonly file: File
  readonly thumbnail?: Thumbnail
  /** In hexadecimal. */
  readonly sha256?: string
}

/** A file that could not be worked on. */
export interface Problem {
  readonly path: string
  readonly error: unknown
}

export type JobKind = 'thumbnails' | 'checksums' | 'both'

/** What is to be made of the files. */
export interface Job {
  readonly kind: JobKind
  /** Of the longer edge of a thumbnail, in pixels. */
  readonly edge: number
  readonly workers: number
}
