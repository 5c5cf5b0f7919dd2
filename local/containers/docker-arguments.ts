import type { ContainerSpec } from './runtime.ts'

/** Label by which a runtime finds the containers that it has started. */
export const sessionLabel = 'slipway.session'

/** Docker's entry point is one word; the rest of an ECS entry point goes in front of the command. */
const words = ({ entryPoint = [], command = [] }: ContainerSpec): { entryPoint: string[]; command: string[] } => {
  const [program, ...rest] = entryPoint
  return { entryPoint: program === undefined ? [] : ['--entrypoint', program], command: [...rest, ...command] }
}

/** Variables that steer the docker command itself; it must not get a container's values of them. */
const isOfTheCli = (name: string): boolean => /^(PATH|HOME|DOCKER_.*|BUILDKIT_.*|LD_.*|.*_proxy)$/i.test(name)

/** Variables whose values `createArguments` leaves to the environment of the docker process. */
export const inheritedVariables = ({ environment }: ContainerSpec): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !isOfTheCli(name)))

/**
 * `docker create` for a container. Variables are named, not spelled out: their values come from the environment of the
 * docker process, so that a secret never appears in a list of processes. Those that the docker command reads itself are the exception.
 */
export const createArguments = (spec: ContainerSpec, session: string): string[] => {
  const { entryPoint, command } = words(spec)
  const labels = { ...spec.labels, [sessionLabel]: session }
  return [
    'create',
    '--name',
    spec.name,
    '--pull',
    'never',
    ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
    ...Object.entries(spec.environment).flatMap(([name, value]) => ['--env', isOfTheCli(name) ? `${name}=${value}` : name]),
    ...spec.ports.flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
    ...(spec.user ? ['--user', spec.user] : []),
    ...(spec.workingDirectory ? ['--workdir', spec.workingDirectory] : []),
    ...(spec.memory ? ['--memory', `${spec.memory}m`, '--memory-swap', `${spec.memory}m`] : []),
    '--no-healthcheck',
    ...entryPoint,
    spec.image.reference,
    ...command,
  ]
}

/** `docker exec` for one health check; none for `['NONE']`. */
export const checkArguments = (id: string, [kind, ...words]: string[]): string[] | undefined => {
  if (kind === 'NONE') return undefined
  return ['exec', id, ...(kind === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words)]
}
