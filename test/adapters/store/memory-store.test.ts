import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { describeStore } from '../../contract/store.ts';

describeStore('the memory store', async () => createMemoryStore());
