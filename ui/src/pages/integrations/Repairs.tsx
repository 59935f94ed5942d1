/** What the home asks somebody to look after. */

import { useState } from 'react';
import { mdiWrenchOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, Card } from '@/components';
import { ConfigFlow } from '@/components/ConfigFlow';
import { flowText } from '@/components/configFlow';
import { Markdown } from '@/components/Markdown';
import { prettify, useCommand, useSession } from '@/data';
import { useAct } from '@/data/useAct';
import styles from './Integrations.module.css';

interface Issue {
  domain: string;
  issue_domain: string | null;
  issue_id: string;
  is_fixable: boolean;
  ignored: boolean;
  severity: string;
  translation_key: string;
  translation_placeholders: Record<string, string> | null;
  learn_more_url: string | null;
}

/** Those of one integration, or all. */
export function Repairs({ domain }: { domain?: string }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const { data, reload } = useCommand<{ issues: Issue[] }>('repairs/list_issues', {}, ['repairs_issue_registry_updated']);
  const texts = useCommand<{ resources: Record<string, string> }>('frontend/get_translations', { language: session.language, category: 'issues' });
  const [fixing, setFixing] = useState<Issue | null>(null);
  const [busy, act] = useAct();
  const issues = (data?.issues ?? []).filter((issue) => !issue.ignored && (domain === undefined || issue.domain === domain || issue.issue_domain === domain));
  const text = (issue: Issue, what: string) => flowText(texts.data?.resources ?? {}, `component.${issue.domain}.issues.${issue.translation_key}.${what}`, issue.translation_placeholders);
  const titleOf = (issue: Issue) => text(issue, 'title') ?? prettify(issue.translation_key);
  const ignore = (issue: Issue) => act(() => session.command('repairs/ignore_issue', { domain: issue.domain, issue_id: issue.issue_id, ignore: true })).then(reload);
  if (issues.length === 0 && !fixing) return null;
  return (
    <div className={styles.repairs}>
      {issues.map((issue) => (
        <Card key={`${issue.domain} ${issue.issue_id}`} icon={mdiWrenchOutline} title={titleOf(issue)} className={issue.severity === 'warning' ? styles.warn : styles.grave}>
          {text(issue, 'description') && <Markdown text={text(issue, 'description')!} />}
          <div className={styles.chips}>
            {issue.is_fixable && (
              <Button small kind="primary" onPress={() => setFixing(issue)}>
                {t('repairs.fix')}
              </Button>
            )}
            {issue.learn_more_url && /^https?:/.test(issue.learn_more_url) && (
              <a href={issue.learn_more_url} target="_blank" rel="noreferrer noopener">
                {t('repairs.more')}
              </a>
            )}
            <Button small kind="ghost" isDisabled={busy} onPress={() => void ignore(issue)}>
              {t('repairs.ignore')}
            </Button>
          </div>
        </Card>
      ))}
      {fixing && (
        <ConfigFlow
          kind="repair"
          handler={fixing.domain}
          domain={fixing.domain}
          begin={{ issue_id: fixing.issue_id }}
          textKey={fixing.translation_key}
          title={titleOf(fixing)}
          onClose={() => setFixing(null)}
          onDone={() => {
            setFixing(null);
            reload();
          }}
        />
      )}
    </div>
  );
}
