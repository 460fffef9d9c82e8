const rolldownOptions = { output: { keepNames: true } }

/** What a user of Vite would write; module workers are split, so their format is `es`. */
export default {
  build: { target: 'es2022', rolldownOptions },
  // Else an error's class has the name that the minifier gave it.
  worker: { format: 'es', rolldownOptions },
}
