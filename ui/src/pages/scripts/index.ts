import { mdiScriptTextOutline } from '@mdi/js';
import { late } from '@/app/late';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: ['/scripts', '/scripts/:what/:id', '/scripts/:what/:id/:run'],
  icon: mdiScriptTextOutline,
  nav: { group: 'automate', order: 10 },
  access: 'admin',
  component: late(() => import('./ScriptsPage')),
};
