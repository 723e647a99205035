import { createMemoryStore } from '../../../src/adapters/store/memory-store.ts';
import { describeDeskStore } from '../../contract/desk.ts';

describeDeskStore('the memory store', async () => {
  const store = createMemoryStore();
  return { worker: store, desk: store, another: async () => store, close: () => store.close() };
});
