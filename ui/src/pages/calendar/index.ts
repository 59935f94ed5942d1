import { lazy } from 'react';
import { mdiCalendarMonthOutline } from '@mdi/js';
import type { PageDefinition } from '@/app/pages';

export const page: PageDefinition = {
  path: '/calendar',
  icon: mdiCalendarMonthOutline,
  nav: { group: 'home', order: 50 },
  access: 'user',
  component: lazy(() => import('./CalendarPage')),
};
