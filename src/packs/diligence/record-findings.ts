/** Decides what becomes of one finding of a researcher: a claim tied to its question, document, evidence and counter-claim, or a report of why not. */
import type { GraphWriter } from '../../graph/index.ts';
import { bundledDocument } from './companies.ts';
import { claimsByText, type Recorded, type RecordedClaim, recorded, recordsOf } from './company-records.ts';
import type { Finding } from './model-answers.ts';
import { claimType, type DataOf, documentType, evidenceType, type questionType } from './object-types.ts';
import { reportDropped, reportUnresolved } from './reports.ts';
import type { DiligenceSettings } from './settings.ts';

export class FindingsRecorder {
  readonly #graph: GraphWriter;
  readonly #question: Recorded<DataOf<typeof questionType>>;
  readonly #settings: DiligenceSettings;
  readonly #claims: Map<string, RecordedClaim>;

  constructor(
    graph: GraphWriter,
    question: Recorded<DataOf<typeof questionType>>,
    settings: DiligenceSettings,
  ) {
    this.#graph = graph;
    this.#question = question;
    this.#settings = settings;
    this.#claims = claimsByText(graph, this.#companyId);
  }

  /** True when the finding answers the question now. A claim that the company has already is not made twice. */
  record(finding: Finding, documentUrl: string): boolean {
    const claim = this.#claims.get(finding.text) ?? this.#newClaim(finding, documentUrl);
    if (claim === null) return false;
    this.#relateOnce(claim.id, this.#question.id, 'addresses');
    if (finding.contradicts_claim_text !== null) this.#contradict(claim, finding.contradicts_claim_text);
    return true;
  }

  get #companyId(): string {
    return this.#question.data.company_id;
  }

  #newClaim(finding: Finding, documentUrl: string): RecordedClaim | null {
    const url = finding.source_document_url === '' ? documentUrl : finding.source_document_url;
    const source = this.#document(url);
    if ('refusal' in source) {
      const { text } = finding;
      reportDropped(this.#graph, {
        companyId: this.#companyId,
        questionId: this.#question.id,
        text,
        reason: source.refusal,
      });
      return null;
    }
    const object = this.#graph.addObject(claimType, {
      text: finding.text,
      confidence: finding.confidence,
      company_id: this.#companyId,
      source_document_id: source.id,
      status: 'open',
    });
    this.#graph.addRelation(object.id, source.id, 'derived_from');
    if (finding.evidence_quote.trim() !== '') this.#addEvidence(object.id, source.id, finding.evidence_quote);
    const claim = recorded(claimType, object);
    this.#claims.set(finding.text, claim);
    return claim;
  }

  #addEvidence(claimId: string, documentId: string, quote: string): void {
    const evidence = this.#graph.addObject(evidenceType, {
      text: quote,
      document_id: documentId,
      claim_id: claimId,
      location: '',
    });
    this.#graph.addRelation(evidence.id, claimId, 'supports');
  }

  /** The company's document at an address, made when it is new; or which setting forbids to draw one more claim. */
  #document(url: string): { readonly id: string } | { readonly refusal: string } {
    const { max_documents_per_company: mostDocuments, max_claims_per_document: mostClaims } = this.#settings;
    const documents = recordsOf(this.#graph, documentType, this.#companyId);
    const known = documents.find(({ data }) => data.url === url);
    if (known !== undefined) {
      const drawn = [...this.#claims.values()].filter(({ data }) => data.source_document_id === known.id);
      return drawn.length < mostClaims ? known : { refusal: `max_claims_per_document is ${mostClaims}` };
    }
    if (documents.length >= mostDocuments) {
      return { refusal: `max_documents_per_company is ${mostDocuments}` };
    }
    const bundled = bundledDocument(url);
    return this.#graph.addObject(documentType, {
      title: bundled?.title ?? titleOf(url),
      url,
      company_id: this.#companyId,
      summary: bundled?.summary ?? '',
      published_at: bundled?.publishedAt ?? null,
    });
  }

  #contradict(claim: RecordedClaim, text: string): void {
    const other = this.#claims.get(text.trim());
    if (other !== undefined && other.id !== claim.id) {
      this.#relateOnce(claim.id, other.id, 'contradicts');
      return;
    }
    reportUnresolved(this.#graph, {
      companyId: this.#companyId,
      field: 'contradicts_claim_text',
      text,
      usedIn: claim.data.text,
      reason: 'no other claim of this company has this text',
    });
  }

  #relateOnce(source: string, target: string, type: string): void {
    const isThere = this.#graph.relations({ source, target, type }).length > 0;
    if (!isThere) this.#graph.addRelation(source, target, type);
  }
}

/** `https://x.example/annual-report` -> `Annual Report`, for documents that nothing more is known of. */
function titleOf(url: string): string {
  const segment =
    url
      .split(/[?#]/)[0]
      ?.split('/')
      .findLast((part) => part !== '') ?? url;
  const words = segment.split(/[-_]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
