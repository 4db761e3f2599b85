import type {Methods} from './method.ts'

export const artifactregistry: Methods = {}
