// A store that writes a batch event by event.
import { wrongJournal } from './wrong-journal.ts';

export { maker as default };

const maker = wrongJournal('writes a batch event by event');
