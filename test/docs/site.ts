import { fileURLToPath } from 'node:url'
import { guidePages } from './documents.ts'
import { installed } from './install.ts'
import { entryFiles } from './public-symbols.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const at = (path: string) => root + path

/** Which heading the symbols of a file stand under: the first that its path begins with. In the order of the headings. */
const HEADINGS: readonly (readonly [heading: string, ...paths: string[]])[] = [
  [
    'Flows and stages',
    'src/flow',
    'src/stage.ts',
    'src/fused-stage',
    'src/engine/stage-stats',
    'src/engine/refusals',
    'src/engine/pressure',
  ],
  ['Sources', 'src/sources/', 'src/engine/gate', 'src/engine/produce'],
  ['Every core', 'src/stages/parallel/', 'src/executors/pool-options', 'src/executors/platform'],
  [
    'Stages',
    'src/stages/',
    'src/engine/limits',
    'src/engine/item-scope',
    'src/engine/priority-line',
    'src/internal/chunk-decoder',
    'src/engine/csv-splitter',
  ],
  ['Sinks and collectors', 'src/sinks/', 'src/engine/consume'],
  [
    'Strategies',
    'src/strategy',
    'src/policies/spill/',
    'src/policies/queue-size',
    'src/policies/workers-for',
  ],
  ['When items fail, and rates', 'src/policies/'],
  ['In trouble', 'src/explain/', 'src/engine/wait'],
  ['Errors', 'src/errors', 'src/executors/task-errors'],
  ['Inside a worker', 'src/executors/task-', 'src/executors/expose'],
  ['Executors', 'src/executors/'],
]
const headingOf = (path: string) =>
  HEADINGS.find(([, ...paths]) => paths.some(start => path.startsWith(start)))?.[0]

/** What stands in a signature and is not for users: TypeScript works it out. */
const NOT_EXPORTED = [
  'ItemOf',
  'ResultOf',
  'TaskName',
  'DefaultName',
  'Pair',
  'ThrottleStageOptions',
  'WindowStageOptions',
]

const PROPER: Record<string, string> = { rxjs: 'RxJS', 'node streams': 'Node streams', 'p map': 'p-map' }

/** The name of a page of the guide, by that of its file. */
export function titleOf(file: string): string {
  const words = file.replace(/-/g, ' ').replace(/^./, first => first.toUpperCase())
  return words.replace(new RegExp(Object.keys(PROPER).join('|')), name => PROPER[name] as string)
}

/** Names of the platform's types, which are known where they are used. */
const OF_THE_PLATFORM = /defined in sluice\/src\/internal\/platform-types\.ts, is referenced/

/**
 * Makes the API pages and the guide as a site in a folder; gives the complaints. There is one for a public symbol without a
 * comment, a link to nothing, and a type that is mentioned and not exported.
 */
export async function makeSite(folder: string, files: readonly string[] = entryFiles()): Promise<string[]> {
  await installed()
  const { Application, CommentTag, Converter, Logger, LogLevel, ReflectionKind } = await import(
    packageNamed('typedoc')
  )
  const app = await Application.bootstrap({
    entryPoints: files.filter(file => !file.includes('.browser.')).map(at),
    tsconfig: at('test/docs/tsconfig.json'),
    out: folder,
    customCss: at('test/docs/site.css'),
    name: 'sluice',
    readme: at('README.md'),
    projectDocuments: guidePages.map(at),
    navigation: { includeCategories: true, includeGroups: false },
    categorizeByGroup: false,
    categoryOrder: [...HEADINGS.map(([heading]) => heading)],
    sort: ['kind', 'alphabetical'],
    kindSortOrder: ['Document', 'Module', 'Class', 'Function', 'Variable', 'Interface', 'TypeAlias'],
    excludePrivate: true,
    disableSources: true,
    githubPages: false,
    highlightLanguages: [
      'typescript',
      'javascript',
      'tsx',
      'html',
      'css',
      'json',
      'yaml',
      'ini',
      'shellscript',
    ],
    intentionallyNotExported: NOT_EXPORTED,
    requiredToBeDocumented: ['Class', 'Interface', 'Function', 'TypeAlias', 'Variable', 'Method'],
    validation: { notExported: true, invalidLink: true, rewrittenLink: true, notDocumented: true },
  })
  const complaints: string[] = []
  app.logger = new (class extends Logger {
    log(message: string, level: number) {
      if (level >= LogLevel.Warn && !OF_THE_PLATFORM.test(message)) complaints.push(message)
    }
    // So that this class's `log` hears of each complaint, and nothing is coloured.
    addContext = (message: string) => message
  })()
  // biome-ignore-start lint/suspicious/noExplicitAny: its types are there only where it has been installed
  const headings = new Map<any, string>()
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context: any, reflection: any) => {
    if (reflection.kindOf(ReflectionKind.Module)) {
      if (reflection.name === 'index') reflection.name = 'sluice'
      else reflection.name = `sluice/${reflection.name}`
      // What another entry exports too is shown there.
    } else if (
      !reflection.isReference() &&
      reflection.parent?.kindOf(ReflectionKind.SomeModule | ReflectionKind.Project)
    ) {
      const [declaration] = context.getSymbolFromReflection(reflection)?.declarations ?? []
      const file = declaration?.getSourceFile().fileName.slice(root.length) ?? ''
      const heading = headingOf(file)
      if (!heading) complaints.push(`${file}: ${reflection.name} has no heading in test/docs/site.ts`)
      else headings.set(reflection, heading)
    }
  })
  // The folders say what a thing is: no comment has to. A page's name is its file's.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context: any) => {
    for (const page of context.project.documents) page.name = titleOf(page.name)
    for (const [{ comment, signatures }, heading] of headings) {
      const tag = () => new CommentTag('@category', [{ kind: 'text', text: heading }])
      for (const each of [comment, ...(signatures ?? []).map((signature: any) => signature.comment)])
        each?.blockTags.push(tag())
    }
  })
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
  const project = await app.convert()
  if (project) {
    app.validate(project)
    await app.generateOutputs(project)
  }
  return complaints
}

/** A name that the compiler does not see: the package's types are there only where it has been installed. */
function packageNamed(name: string): string {
  return name
}
