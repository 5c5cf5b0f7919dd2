import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** Who a simulated host is and where its AWS answers. */
export type HostIdentity = {
  endpoint: string
  region: string
  /** Without them the host's metadata service is asked, as on EC2. */
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}

/** The commands of the AWS CLI that a host gives, answered by the local cloud with the host's own credentials. */
const commands: Record<
  string,
  (identity: HostIdentity, options: Record<string, string | boolean | undefined>) => Promise<string>
> = {
  'ecr get-login-password': async (identity) => {
    const { ECR } = await import('@aws-sdk/client-ecr')
    const { authorizationData } = await new ECR(identity).getAuthorizationToken({})
    const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString()
    return `${token.slice(token.indexOf(':') + 1)}\n`
  },
  'ssm get-parameters-by-path': async (identity, { path, recursive, 'with-decryption': decrypted }) => {
    const { paginateGetParametersByPath, SSMClient } = await import('@aws-sdk/client-ssm')
    const input = { Path: String(path), Recursive: recursive === true, WithDecryption: decrypted === true }
    const found = []
    for await (const page of paginateGetParametersByPath({ client: new SSMClient(identity) }, input))
      found.push(...(page.Parameters ?? []))
    return `${JSON.stringify({ Parameters: found }, undefined, 4)}\n`
  },
  'ssm get-parameter': async (identity, { name, query }) => {
    const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    if (query !== 'Parameter.Value') throw new Error('a simulated host answers get-parameter with --query Parameter.Value only')
    const { Parameter } = await new SSMClient(identity).send(new GetParameterCommand({ Name: String(name) }))
    return `${Parameter?.Value}\n`
  },
  'ssm get-document': async (identity, { name, 'document-version': version }) => {
    const { GetDocumentCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    const input = { Name: String(name), ...(typeof version === 'string' && { DocumentVersion: version }) }
    const { Content, DocumentVersion } = await new SSMClient(identity).send(new GetDocumentCommand(input))
    return `${JSON.stringify({ Content, DocumentVersion }, undefined, 4)}\n`
  },
}

/** As the CLI says it: programs look for the name. */
const inWords = (error: unknown, operation: string): string => {
  if (!(error instanceof Error)) return String(error)
  const answered = error instanceof Object && '$metadata' in error
  return answered ? `An error occurred (${error.name}) when calling the ${operation} operation: ${error.message}` : error.message
}

const operationOf = (command = ''): string =>
  command
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

try {
  const [identityFile = '', service, command, ...args] = process.argv.slice(2)
  const answer = commands[`${service} ${command}`]
  if (answer === undefined) throw new Error(`a simulated host has no command "aws ${service} ${command}"`)
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    args,
    options: {
      ...{ region: text, path: text, output: text, recursive: flag, 'with-decryption': flag },
      ...{ name: text, query: text, 'document-version': text, 'document-format': text },
    },
  })
  const identity = JSON.parse(readFileSync(identityFile, 'utf8')) as HostIdentity
  process.stdout.write(await answer({ ...identity, region: values.region ?? identity.region }, values))
} catch (error) {
  process.stderr.write(`\n${inWords(error, operationOf(process.argv[4]))}\n`)
  // As the AWS CLI ends where the service refuses.
  process.exitCode = 254
}
