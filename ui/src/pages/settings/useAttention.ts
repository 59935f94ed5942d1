import { useCommand, useEntities, useEntityIds } from '@/data';
import type { Issue } from './sections/repairs/issues';

/** How many repair issues and updates wait for somebody. */
export function useAttention(): { repairs: number; updates: number } {
  const { data } = useCommand<{ issues: Issue[] }>('repairs/list_issues', {}, ['repairs_issue_registry_updated']);
  const updates = useEntities(useEntityIds('update'));
  return {
    repairs: data?.issues.filter((each) => !each.ignored).length ?? 0,
    updates: updates.filter((each) => each.state === 'on').length,
  };
}
