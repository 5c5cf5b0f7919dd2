/** A CloudFormation template as far as it is looked at. */
export type Template = {
  Parameters?: Record<string, TemplateParameter>
  Resources: Record<string, Resource>
}

export type TemplateParameter = { Type: string; Default?: string | number }

export type Resource = { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string; [key: string]: unknown }

/**
 * Parameter of a template that must not say how many tasks run once the service is there: `no` while CloudFormation creates
 * the stack, `yes` ever after. With a count in an update, also in its rollback, CloudFormation would set it again.
 */
export const CREATED = 'Created'

/**
 * Parameter of a template that says whether the service was ever delivered, `yes` or `no`. What starts tasks by itself, such as
 * autoscaling, must not be there before: the first deployment runs the pre-deploy command first. It never goes back to `no`.
 */
export const DELIVERED = 'Delivered'

/** Parameters whose value CloudFormation looks up in Parameter Store when it makes a change set: their key, and the name there. */
export const lookups = ({ Parameters = {} }: Template): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Parameters).flatMap(([key, { Type, Default }]) =>
      Type.startsWith('AWS::SSM::Parameter::Value<') && typeof Default === 'string' ? [[key, Default]] : [],
    ),
  )

/** Keys of parameters and ids of resources that a value is made of. */
export const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(references)
  return Object.entries(value).flatMap(([name, argument]) => {
    if (name === 'Ref') return [String(argument)]
    if (name === 'Fn::GetAtt') return [String(Array.isArray(argument) ? argument[0] : argument).replace(/\..*/, '')]
    if (name === 'Fn::Sub') return [...inText(Array.isArray(argument) ? argument[0] : argument), ...references(argument)]
    return references(argument)
  })
}

const inText = (text: unknown): string[] => [...String(text).matchAll(/\$\{([^!}.]+)[^}]*\}/g)].map(([, name = '']) => name)

/** Names of the parameters of Parameter Store that the template makes. */
export const publications = ({ Resources }: Template): string[] =>
  Object.values(Resources).flatMap(({ Type, Properties }) => {
    const name = Type === 'AWS::SSM::Parameter' ? Properties?.['Name'] : undefined
    return typeof name === 'string' ? [name] : []
  })
