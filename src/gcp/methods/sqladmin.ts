import type {Methods} from './method.ts'

export const sqladmin: Methods = {}
