import { z } from 'zod'
import { environment } from './schema/environment.ts'
import { account, list, NAME, NAME_EXPECTED, named, region, section, text } from './schema/fields.ts'
import { image } from './schema/image.ts'
import { service } from './schema/service.ts'

const ID = 'the number that GitHub gave it, for example 42'

const githubId = (description: string) => z.int({ error: ID }).positive({ error: ID }).describe(description)

const repository = section(
  {
    owner: text(
      /^[A-Za-z0-9][\w-]{0,38}$/,
      'the name of a GitHub user or organisation',
      'Owner of the repository, as GitHub spells it.',
    ),
    ownerId: githubId('Id of the owner: `id` of GET /users/OWNER.'),
    name: text(/^[\w.-]{1,100}$/, 'the name of a GitHub repository', 'Name of the repository, as GitHub spells it.'),
    id: githubId('Id of the repository: `id` of GET /repos/OWNER/NAME.'),
    subject: z
      .enum(['immutable', 'name'], { error: 'one of immutable, name' })
      .describe(
        'Form of the `sub` claim in OIDC tokens. `immutable` has the ids in it; `name` is for repositories from before July 2026 that have not opted in. Default: immutable.',
      )
      .optional(),
  },
  'The GitHub repository that delivers. The roles trust exactly this one.',
)

const tags = z
  .record(
    z.string().regex(/^(?!(?:aws|slipway):)[\w .:/=+@-]{1,128}$/i, {
      error: 'the key of a tag that begins neither with aws: nor with slipway:',
    }),
    text(/^[\w .:/=+@-]{1,256}$/, 'the value of a tag', 'Value of the tag.'),
    { error: 'an object of keys and values, for example { "CostCenter": "shop" }' },
  )
  .describe('Tags that everything in AWS carries, beside those that tell projects and environments apart.')

const identity = section(
  {
    existingProvider: list(
      account('An AWS account.'),
      '["111111111111"]',
      'Accounts that have GitHub’s OIDC provider already. In every other one it is made.',
    ).optional(),
  },
  'What the roles rest on.',
)

const someNamed = <T extends z.ZodType>(value: T, description: string) =>
  named(value, NAME, description)
    .refine((entries) => Object.keys(entries).length > 0, { error: 'an object with at least one entry' })
    .meta({ minProperties: 1 })

/** The one configuration. A later version adds optional keys and changes none. */
export const configuration = section(
  {
    $schema: z.string({ error: 'text in quotes' }).describe('Address of this schema, for editors.').optional(),
    project: text(NAME, NAME_EXPECTED, 'Name of the project. Everything in AWS is named after it.'),
    repository,
    registry: section(
      { account: account('AWS account of the registry: 12 digits in quotes.'), region: region('AWS region of the registry.') },
      'Where images are stored, once, for all environments.',
    ),
    identity: identity.optional(),
    tags: tags.optional(),
    environments: someNamed(environment, 'The environments by name.'),
    images: someNamed(image, 'The images by name. The repository of an image is `<project>/<image>`.'),
    services: someNamed(service, 'The services by name.'),
  },
  'What is delivered where. Everything that can be derived from it is derived.',
)

export type Configuration = z.infer<typeof configuration>
export type Environment = Configuration['environments'][string]
export type Service = Configuration['services'][string]
export type Target = Service['target']
