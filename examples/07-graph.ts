// Shows: the graph is what the log amounts to. Objects are added, related, patched and removed, and each change is an event.
import { open } from 'runlog';
import { traceLines } from 'runlog/view';

const run = await open();
const book = await run.mutate((graph) => {
  const author = graph.addObject('author', { title: 'Ada' });
  const made = graph.addObject('book', { title: 'Notes', pages: 40 });
  graph.addRelation(author.id, made.id, 'wrote');
  return made.id;
});
await run.mutate((graph) => graph.patchObject(book, { pages: 66 }));
await run.mutate((graph) => graph.addObject('book', { title: 'Drafts', pages: 10 }));

// All of a `mutate` or nothing: this one fails at its second change, and the first is not there either.
const refused = await run
  .mutate((graph) => {
    graph.removeObject('book#3');
    graph.addRelation('author#1', 'book#9', 'wrote');
  })
  .catch((error: unknown) => error);
console.log(refused instanceof Error ? refused.name : 'accepted');

console.log(run.graph.objects('book', { pages: { '>': 50 } }).map(({ id, version }) => [id, version]));
console.log(run.graph.neighborhood('author#1', 1).objects.map(({ id }) => id));
for await (const event of run.events()) console.log(traceLines(event).join('\n'));
await run.close();

// Prints:
// DanglingRelationError
// [ [ 'book#2', 2 ] ]
// [ 'author#1', 'book#2' ]
// [object.created]          author#1 "Ada"
// [object.created]          book#2 "Notes"
// [relation.created]        author#1 --wrote--> book#2
// [patch.applied]           book#2 pages: 40 -> 66
// [object.created]          book#3 "Drafts"
