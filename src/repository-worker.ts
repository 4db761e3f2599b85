// The thread in which the app repository is read (observe-repository.ts starts it).
import {parentPort, workerData} from 'node:worker_threads'
import {loadItems} from './load-items.ts'
import {repositoryObserver} from './observe-repository-item.ts'
import {openRepo} from './repo/open-repo.ts'
import type {Answer, Question} from './observe-repository.ts'

const root: unknown = workerData
const port = parentPort
if (port === null || typeof root !== 'string') throw new Error('this file is a thread of qlogic')
const opened = openRepo(root)

const answer = async (question: Question): Promise<Answer['value']> => {
  const repo = await opened
  if (repo === undefined) throw new Error('there is no app repository to read')
  if (question.ask === 'left-out') return repo.reading.files.leftOut()
  const item = (await loadItems([{id: question.item}])).get(question.item)
  if (item === undefined) throw new Error(`${question.item} has no code`)
  return repositoryObserver(item)(repo, question.context)
}

port.on('message', (question: Question) => {
  answer(question).then(
    (value) => port.postMessage({number: question.number, value} satisfies Answer),
    (error: unknown) =>
      port.postMessage({
        number: question.number,
        value: undefined,
        error: error instanceof Error ? error.message : String(error),
      } satisfies Answer),
  )
})
