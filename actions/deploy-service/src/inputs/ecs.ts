import { matching, required } from '../../../../lib/runner/inputs.ts'
import type { Place } from '../place.ts'

export const ECS_INPUTS = ['cluster', 'service', 'images', 'container', 'initial-count', 'allow-zero', 'pre-deploy']

const NAME = matching(/^[A-Za-z0-9_-]{1,255}$/, 'a name of letters, digits, hyphens and underscores, at most 255')

export const ecsPlace = (): Place => ({ kind: 'ecs', cluster: required('cluster', NAME), service: required('service', NAME) })
