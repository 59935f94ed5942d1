import { useParams } from 'wouter';
import { IntegrationPage } from './IntegrationPage';
import { Overview } from './Overview';

export default function IntegrationsPage() {
  const { domain } = useParams<{ domain?: string }>();
  return domain ? <IntegrationPage key={domain} domain={decodeURIComponent(domain)} /> : <Overview />;
}
