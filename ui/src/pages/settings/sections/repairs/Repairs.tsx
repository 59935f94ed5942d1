/** What somebody should look after, with the way to mend it. */

import { useState } from 'react';
import { mdiAlertCircleOutline, mdiAlertOutline, mdiCheckCircleOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card, Chip, EmptyState, RelativeTime, Skeleton } from '@/components';
import { prettify, useCommand, useSession, useStore } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { Row, Rows } from '../../parts/Rows';
import { IssueDialog } from './IssueDialog';
import { inOrder, type Issue, useIssueTexts, wordsOf } from './issues';

export default function Repairs() {
  const { t } = useTranslation('settings');
  const answer = useCommand<{ issues: Issue[] }>('repairs/list_issues', {}, ['repairs_issue_registry_updated']);
  const texts = useIssueTexts();
  const [withIgnored, setWithIgnored] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const keyOf = (issue: Issue) => `${issue.domain}/${issue.issue_id}`;
  const titleOf = (issue: Issue) => wordsOf(issue, 'title', texts ?? {}) || prettify(issue.translation_key ?? issue.issue_id);
  const names = useStore(useSession().texts);
  // What is nobody else's is the server's own.
  const whoseOf = ({ issue_domain, domain }: Issue) => (domain === 'homeassistant' && !issue_domain ? 'Marge' : (names[`component.${issue_domain ?? domain}.title`] ?? prettify(issue_domain ?? domain)));
  if (!texts) return <Skeleton height={180} radius="var(--radius)" />;
  return (
    <Loaded answer={answer}>
      {({ issues }) => {
        const ignored = issues.filter((issue) => issue.ignored).length;
        const shown = inOrder(issues.filter((issue) => withIgnored || !issue.ignored));
        return (
          <Card>
            {shown.length === 0 ? (
              <EmptyState icon={mdiCheckCircleOutline} title={t('repairs.none')} text={t('repairs.noneText')} />
            ) : (
              <Rows label={t('sections.repairs.title')}>
                {shown.map((issue) => (
                  <Row
                    key={keyOf(issue)}
                    icon={issue.severity === 'warning' ? mdiAlertOutline : mdiAlertCircleOutline}
                    title={titleOf(issue)}
                    dim={issue.ignored}
                    text={
                      <>
                        {whoseOf(issue)} · <RelativeTime at={issue.created} />
                      </>
                    }
                    chips={
                      <>
                        <Chip tone={issue.severity === 'warning' ? 'warn' : 'danger'}>{t(`repairs.severity.${issue.severity}`)}</Chip>
                        {issue.ignored && <Chip>{t('repairs.ignored')}</Chip>}
                      </>
                    }
                    onOpen={() => setOpen(keyOf(issue))}
                  />
                ))}
              </Rows>
            )}
            {ignored > 0 && (
              <Button kind="ghost" small onPress={() => setWithIgnored(!withIgnored)}>
                {withIgnored ? t('repairs.hideIgnored') : t('repairs.showIgnored', { count: ignored })}
              </Button>
            )}
            {open !== null && <IssueDialog key={open} issue={issues.find((issue) => keyOf(issue) === open)} texts={texts} titleOf={titleOf} onClose={() => setOpen(null)} onDone={answer.reload} />}
          </Card>
        );
      }}
    </Loaded>
  );
}
