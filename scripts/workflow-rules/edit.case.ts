/** A change of one fixture. */
export type Edit = { file: string; replace: string; by: string }

/** By rule, changes that it must find, and changes beside them that it must not mind. */
export type Cases = Record<string, { caught: Edit[]; passed: Edit[] }>

export const edit = (file: string, replace: string, by: string): Edit => ({ file, replace, by })

export const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'
export const sound = 'aws-actions/configure-aws-credentials@0123456789012345678901234567890123456789 # v6.2.1'
export const expression = (inner: string): string => `$\{{ ${inner} }}`
