import { lazy } from 'react';
import { mdiFileCodeOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiFileCodeOutline, group: 'system', order: 2, access: 'owner', wide: true, component: lazy(() => import('./Files')) };
