import { mdiHomeVariantOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';
import { prepareCards } from '@/lovelace/host';

export const page: PageDefinition = {
  path: ['/', '/home/:dashboard?/:view?'],
  icon: mdiHomeVariantOutline,
  nav: { group: 'home', order: 0, bar: 0 },
  access: 'user',
  component: late(async () => (await Promise.all([import('./HomePage'), prepareCards('heading', 'tile', 'grid', 'entity')]))[0]),
  needs: ['areas', 'floors', 'devices', 'entities'],
};
