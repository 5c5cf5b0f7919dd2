import { createHash } from 'node:crypto'
import { Refusal } from '../refusal.ts'

/** What an image is made of. All paths are paths in the repository, as the commit has them. */
export type ImageDeclaration = {
  context: string
  /** Default: `Dockerfile` in the context. */
  dockerfile?: string | undefined
  /** Stage of the Dockerfile to build; the last one by default. */
  target?: string | undefined
  /** Default: `linux/amd64`. */
  platforms?: string[] | undefined
  args?: Record<string, string> | undefined
  /** Further files and folders that the build reads. */
  inputs?: string[] | undefined
}

/** Objects of one commit by path, as `objectsOf` in `lib/git.ts` finds them. The path of the root is ''. */
export type GitObjects = ReadonlyMap<string, { id: string; type: string }>

/** The same declaration with every default filled in and every list in one order. */
export type BuildSource = {
  context: string
  dockerfile: string
  target?: string | undefined
  platforms: string[]
  args: Record<string, string>
  inputs: string[]
}

const DEFAULT_PLATFORM = 'linux/amd64'

export const buildSource = (image: ImageDeclaration): BuildSource => {
  const context = repositoryPath(image.context)
  return {
    context,
    dockerfile: image.dockerfile === undefined ? defaultDockerfile(context) : repositoryPath(image.dockerfile),
    target: image.target,
    platforms: sorted(image.platforms ?? [DEFAULT_PLATFORM]),
    args: Object.fromEntries(Object.entries(image.args ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    inputs: sorted((image.inputs ?? []).map(repositoryPath)),
  }
}

/** `./app/` is `app`, `.` is ''. A path that leaves the repository is an error. */
export const repositoryPath = (path: string): string => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (path === '' || path.startsWith('/') || parts.includes('..') || /[\0\n\\]/.test(path)) {
    throw new Refusal(`a path must be given from the root of the repository, for example services/api, got '${path}'`)
  }
  return parts.join('/')
}

/**
 * Every path that decides about the image, to be looked up in the commit. BuildKit also reads `NAME.dockerignore` beside
 * the Dockerfile; that one may be absent.
 */
export const objectPaths = (image: ImageDeclaration): string[] => {
  const { context, dockerfile, inputs } = buildSource(image)
  return sorted([context, dockerfile, ignoreFile(dockerfile), ...inputs])
}

/**
 * Names an image by what it is made of, so that equal trees share an image whatever commit or branch they are in.
 * `src-<git tree id>` for one plain folder, else `src-<SHA-256 of all declared inputs>`. Throws a `Refusal` for a path
 * that the commit does not have.
 */
export const contentTag = (image: ImageDeclaration, objects: GitObjects): string => {
  const source = buildSource(image)
  const context = objectAt(objects, source.context, 'context', ['tree'])
  const dockerfile = objectAt(objects, source.dockerfile, 'dockerfile', ['blob'])
  const inputs = source.inputs.map((path) => [path, objectAt(objects, path, 'input', ['tree', 'blob'])])
  if (isPlain(source)) return `src-${context}`
  const declared = {
    context: { [source.context]: context },
    dockerfile,
    dockerignore: objects.get(ignoreFile(source.dockerfile))?.id ?? null,
    target: source.target ?? null,
    platforms: source.platforms,
    args: source.args,
    inputs: Object.fromEntries(inputs),
  }
  return `src-${createHash('sha256').update(JSON.stringify(declared)).digest('hex')}`
}

const isPlain = ({ context, dockerfile, target, platforms, args, inputs }: BuildSource): boolean =>
  dockerfile === defaultDockerfile(context) &&
  target === undefined &&
  platforms.join() === DEFAULT_PLATFORM &&
  Object.keys(args).length + inputs.length === 0

const objectAt = (objects: GitObjects, path: string, role: string, types: string[]): string => {
  const found = objects.get(path)
  if (found === undefined) throw new Refusal(`the ${role} '${path || '.'}' is not in the commit`)
  if (!types.includes(found.type)) {
    throw new Refusal(
      `the ${role} '${path || '.'}' must be a ${types[0] === 'tree' ? 'folder' : 'file'} of the commit, it is a ${found.type}`,
    )
  }
  return found.id
}

const defaultDockerfile = (context: string): string => (context === '' ? 'Dockerfile' : `${context}/Dockerfile`)
const ignoreFile = (dockerfile: string): string => `${dockerfile}.dockerignore`
const sorted = (texts: string[]): string[] => [...new Set(texts)].toSorted()
