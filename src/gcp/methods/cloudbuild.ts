import type {Methods} from './method.ts'

export const cloudbuild: Methods = {}
