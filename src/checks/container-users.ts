import {baseOf, lastIn} from '../repo/docker/stages.ts'
import {withoutBraces} from '../repo/docker/interpolation.ts'
import {defaultUserOf} from './base-images.ts'
import type {DeployedImage} from './deployed-images.ts'

/** Who a container runs as: the last USER of its stage, inherited from earlier stages too, else the base image's. */
export type ContainerUser = {file: string; line: number; text: string; is: 'root' | 'other' | 'unknown'; name?: string}

export const userOf = ({dockerfile, stage}: DeployedImage): ContainerUser => {
  const {file} = dockerfile
  const user = lastIn(dockerfile, stage, 'USER')
  if (user !== undefined) {
    const place = {file, line: user.line, text: `USER ${user.text}`}
    const name = user.resolved
    if (name === undefined || name === '')
      return {...place, is: 'unknown', text: `USER ${withoutBraces(user.text)}, which is only known when it is built`}
    const shown = name === user.text ? place.text : `USER ${user.text}, which is ${name}`
    return {...place, text: shown, name, is: isRoot(name) ? 'root' : 'other'}
  }
  const {line, text, image} = baseOf(dockerfile, stage)
  const place = {file, line}
  if (image === undefined) return {...place, text: `no USER, and ${withoutBraces(text)} is only known when it is built`, is: 'unknown'}
  const starts = defaultUserOf(image)
  if (starts === 'unknown') return {...place, text: `no USER, and the user of ${image} is not known`, is: 'unknown'}
  if (starts === 'root') return {...place, text: `no USER, and ${image} runs as root`, is: 'root'}
  return {
    ...place,
    text: starts === 'stepsDown' ? `${image}, which steps down from root by itself` : `${image}, which is unprivileged`,
    is: 'other',
  }
}

/** `root`, `0`, `0:0`, `00`; the group does not matter. */
export const isRoot = (user: string): boolean => /^(?:root|0+)$/.test(user.split(':')[0]?.trim() ?? '')
