// A store that leaves its lock behind.
import { wrongJournal } from './wrong-journal.ts';

export { maker as default };

const maker = wrongJournal('leaves its lock behind');
