import {createProject, labelProject, undeleteProject} from '../../changes/projects.ts'
import {projectName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import {defineItem} from '../define-item.ts'
import {worst} from '../worst.ts'

const labels = ({env}: Config) => ({app: 'qlogic', environment: env})

export default defineItem({
  observe: ({cloud}) => cloud.resourceManager.project(),

  evaluate(project, {config}) {
    const resource = projectName(config.projectId)
    const args = {project: config.projectId}
    if (project === undefined) return fail('PROJECT_ABSENT', [seen(resource, 'state', 'ACTIVE', undefined)], args)
    if (project.state === 'DELETE_REQUESTED')
      return fail('PROJECT_DELETE_REQUESTED', [seen(resource, 'state', 'ACTIVE', project.state)], args)
    if (project.state !== 'ACTIVE')
      return fail('PROJECT_NOT_ACTIVE', [seen(resource, 'state', 'ACTIVE', project.state)], {...args, state: project.state})
    const unlabelled = Object.entries(labels(config)).filter(([key, value]) => project.labels[key] !== value)
    return worst(
      [
        unlabelled.length === 0
          ? undefined
          : warn(
              'PROJECT_UNLABELLED',
              unlabelled.map(([key, value]) => seen(resource, `labels.${key}`, value, project.labels[key])),
              {...args, labels: unlabelled.map(([key, value]) => `${key}=${value}`).join(', ')},
            ),
        project.parent === undefined || config.parent === null || project.parent === config.parent
          ? undefined
          : warn('PROJECT_OTHER_PARENT', [seen(resource, 'parent', config.parent, project.parent)], {
              ...args,
              parent: project.parent,
              wanted: config.parent,
            }),
        project.parent === undefined
          ? warn('PROJECT_WITHOUT_PARENT', [seen(resource, 'parent', 'organizations/… or folders/…', undefined)], args)
          : undefined,
      ],
      pass('PROJECT_ACTIVE', [seen(resource, 'state', 'ACTIVE', project.state)], args),
    )
  },

  plan(project, {config}) {
    const {projectId, projectName: displayName, parent} = config
    if (project === undefined) return [createProject({project: projectId, displayName, parent, labels: labels(config)})]
    if (project.state === 'DELETE_REQUESTED') return [undeleteProject(projectId)]
    const labelled = Object.entries(labels(config)).every(([key, value]) => project.labels[key] === value)
    return labelled || project.state !== 'ACTIVE' ? [] : [labelProject(projectId, project.labels, labels(config))]
  },

  fresh: () => undefined,
})
