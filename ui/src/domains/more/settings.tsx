import { lazy } from 'react';
import type { MoreInfoPart } from '@/components/MoreInfo';

export const part: MoreInfoPart = { order: 50, tab: 'settings', fits: (_entity, user) => user.is_admin, component: lazy(() => import('../_info/SettingsTab')) };
