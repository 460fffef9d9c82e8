/** What only some browsers have: a dialogue in which a person says where a file goes. */
type Picker = (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<WritableStream> }>

/**
 * Saves what a stream gives: chunk by chunk into the file that the person chooses, else as a download. False if the person
 * would rather not.
 */
export async function saveStream(
  suggestedName: string,
  open: () => ReadableStream<Uint8Array>,
): Promise<boolean> {
  const { showSaveFilePicker } = window as { showSaveFilePicker?: Picker }
  if (!showSaveFilePicker) {
    download(suggestedName, await new Response(open()).blob())
    return true
  }
  let target: WritableStream
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName })
    target = await handle.createWritable()
  } catch (error) {
    if ((error as DOMException).name === 'AbortError') return false
    throw error
  }
  await open().pipeTo(target)
  return true
}

function download(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser has taken hold of the blob by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
