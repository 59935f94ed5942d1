import { lazy } from 'react';
import { mdiArchiveLockOutline } from '@mdi/js';
import type { Section } from '../../sections';

export const section: Section = { icon: mdiArchiveLockOutline, group: 'safety', order: 1, access: 'admin', component: lazy(() => import('./Backups')) };
