/** The quick bar: one field that finds everything. The shell has one host. */

import { lazy, Suspense } from 'react';
import { closeQuickBar, useQuickBar, useQuickKeys } from './quick';

const Panel = lazy(() => import('./Panel'));

export function QuickBarHost() {
  useQuickKeys();
  const open = useQuickBar();
  return open ? (
    <Suspense fallback={null}>
      <Panel onClose={closeQuickBar} />
    </Suspense>
  ) : null;
}
