import type { Rule } from './rule.ts'
import { calls } from './rules/calls.ts'
import { credentials } from './rules/credentials.ts'
import { delivery } from './rules/delivery.ts'
import { permissions } from './rules/permissions.ts'
import { scripts } from './rules/scripts.ts'
import { shape } from './rules/shape.ts'
import { uses } from './rules/uses.ts'

export const rules: Rule[] = [...shape, ...permissions, ...uses, ...scripts, ...credentials, ...calls, ...delivery]
