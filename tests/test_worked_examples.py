"""A line of a record against a sentence of a note, from the words to the status: each feature with its worked examples."""

from datetime import date

import pytest

from assistant.eligibility.assess import status
from assistant.eligibility.assessment import Status
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.judge.judgement import Judgement
from assistant.eligibility.notes import read_note
from assistant.eligibility.parse import parse
from assistant.eligibility.sentences import change, sentence
from index.trial import Kind

CLOCK = Clock(date(2026, 1, 20), date(2026, 1, 27))
STUDY = frozenset({"nasopharyngeal-carcinoma"})


def judged(kind: Kind, criterion: str, note: str, *, complete: bool = False) -> Judgement:
    patient = read_note(note, CLOCK.today)
    found = judge(parse(criterion, kind), patient, CLOCK, complete=complete, study=STUDY, kind=kind)
    assert all(note[words.start : words.end] == words.quote for words in found.evidence)
    return found


STATES = [
    pytest.param("inclusion", "ECOG 0-1", "ECOG 1.", "satisfied", id="satisfied"),
    pytest.param("inclusion", "ECOG 0-1", "ECOG 2.", "violated", id="violated"),
    pytest.param(
        "exclusion",
        "Any immune-related grade ≥ 3 AE from prior immunotherapy",
        "Pembrolizumab gave me bad hepatitis in 2023, grade 3, healed since.",
        "violated",
        id="a grade inside a name",
    ),
    pytest.param(
        "exclusion",
        "Any immune-related grade ≥ 3 AE from prior immunotherapy",
        "Hepatitis from alcohol in 2023, grade 3. Pembrolizumab since 2024.",
        "unknown",
        id="an illness of another cause",
    ),
    pytest.param(
        "exclusion",
        "Severe shock (norepinephrine > 0.5 µg/kg/min or vasopressin)",
        "On vasopressin.",
        "violated",
        id="a support",
    ),
    pytest.param(
        "exclusion", "Severe shock (norepinephrine > 0.5 µg/kg/min or vasopressin)", "On dopamine.", "unknown", id="another one"
    ),
    pytest.param(
        "exclusion", "Immunosuppression (> 10 mg prednisone daily)", "Prednisone 15 mg daily.", "violated", id="a dose"
    ),
    pytest.param(
        "exclusion", "Asthma (> 10 mg prednisone daily)", "Prednisone 15 mg daily.", "unknown", id="narrowed by a dose"
    ),
    pytest.param(
        "exclusion", "Extrahepatic disease as measured by CT of chest and abdomen", "Lung metastases.", "violated", id="seen by"
    ),
    pytest.param("inclusion", "Minimum weight of 30kg/66lbs", "Weight 31 kg.", "satisfied", id="a bound before the name"),
    pytest.param("inclusion", "Minimum weight of 30kg/66lbs", "Weight 29 kg.", "violated", id="below it"),
    pytest.param("inclusion", "3 months to 5 years after stroke", "Stroke in May 2024.", "satisfied", id="two units of time"),
    pytest.param("inclusion", "3 months to 5 years after stroke", "Stroke in May 2019.", "violated", id="longer ago"),
    pytest.param(
        "exclusion", "Use of metformin, unless it can be stopped", "I take metformin.", "unknown", id="unless it can be changed"
    ),
    pytest.param(
        "exclusion", "Use of metformin, unless it can be stopped", "Never took metformin.", "satisfied", id="not taken"
    ),
    pytest.param(
        "inclusion", "No gout, no asthma, no stroke", "I have asthma. No gout or stroke.", "violated", id="a row of no"
    ),
    pytest.param(
        "inclusion", "No gout, no asthma, no stroke", "No gout, asthma or stroke.", "satisfied", id="a row of no denied"
    ),
    pytest.param("inclusion", "No asthma or eczema flares", "I have asthma.", "unknown", id="a flare is not the illness"),
    pytest.param(
        "inclusion", "Adequate kidney function to receive cisplatin", "No other drugs.", "unknown", id="to receive it"
    ),
    pytest.param(
        "exclusion", "Any medications or foods that inhibit or induce P-gp", "I take aspirin.", "unknown", id="a class narrowed"
    ),
    pytest.param(
        "exclusion",
        "Corticosteroids are not allowed for 10 days prior to randomization",
        "Last prednisone 2026-01-19.",
        "violated",
        id="not allowed for days before",
    ),
    pytest.param(
        "exclusion",
        "Corticosteroids are not allowed for 10 days prior to randomization",
        "Last prednisone 2025-11-15.",
        "satisfied",
        id="given before those days",
    ),
    pytest.param(
        "inclusion",
        "A doctor's diagnosis of gout OR meets the ACR criteria (a red joint)",
        "I have gout.",
        "satisfied",
        id="or",
    ),
    pytest.param(
        "inclusion", "Tumor size ≤ 7 cm in the longest diameter", "A sarcoma of 6.5 cm.", "satisfied", id="the size of a cancer"
    ),
    pytest.param("inclusion", "Tumor size ≤ 7 cm", "A sarcoma; liver metastasis of 8 cm.", "unknown", id="of a metastasis"),
    pytest.param("inclusion", "ECOG 0-1", "A 60-year-old woman.", "unknown", id="silence is unknown"),
    pytest.param("inclusion", "ECOG 0-1", "ECOG 1-2.", "unknown", id="the patient's own range straddles the bound"),
    pytest.param("exclusion", "HIV infection", "HIV negative.", "satisfied", id="denied"),
    pytest.param("exclusion", "HIV infection", "The HIV test is still pending.", "unknown", id="pending decides nothing"),
    pytest.param("exclusion", "HIV infection", "Hepatitis C negative.", "unknown", id="silence about HIV is not a no"),
    pytest.param("exclusion", "Pregnant or breastfeeding women", "50-year-old man.", "not_applicable", id="another group"),
    pytest.param("inclusion", "Adequate organ function per protocol", "Creatinine 70 µmol/L.", "needs_protocol", id="protocol"),
    pytest.param(
        "exclusion",
        "HBV DNA ≥ 500 IU/mL",
        "HBV DNA 320 IU/mL; the letter says HBV DNA 3,200 IU/mL.",
        "conflicting",
        id="conflict",
    ),
    pytest.param("inclusion", "Signed informed consent", "A 60-year-old woman.", "unknown", id="consent is hers to give"),
    pytest.param("inclusion", "Signed informed consent", "Consent form signed on 2026-01-19.", "satisfied", id="consent given"),
]

FOOLED = [
    pytest.param(
        "exclusion",
        "Prior treatment with a PD-1 inhibitor",
        "Pembrolizumab was denied by the insurance, then nivolumab was given for two months.",
    ),
    pytest.param(
        "exclusion", "Prior treatment with a PD-1 inhibitor", "No chemotherapy. He got something called Keytruda abroad."
    ),
    pytest.param("exclusion", "Active autoimmune disease", "No autoimmune disease in the family. She has lupus."),
    pytest.param(
        "exclusion", "Active infection", "No fever. Urine culture grew E. coli, antibiotics started yesterday for UTI."
    ),
    pytest.param("exclusion", "Interstitial lung disease or pneumonitis", "CT: interstitial lung disease cannot be ruled out."),
    pytest.param(
        "exclusion", "Interstitial lung disease or pneumonitis", "No evidence of pneumonia; pneumonitis is not excluded."
    ),
    pytest.param(
        "exclusion", "History of other malignancy within 5 years", "No other malignancy apart from a melanoma removed in 2023."
    ),
    pytest.param(
        "exclusion",
        "History of other malignancy within 5 years, except basal cell carcinoma",
        "Basal cell carcinoma 2024 and a melanoma 2024, both excised.",
    ),
    pytest.param(
        "exclusion",
        "History of other malignancy within 5 years, except cured basal cell carcinoma",
        "Basal cell carcinoma of the nose, still untreated.",
    ),
    pytest.param(
        "exclusion", "Brain metastases", "Brain MRI 2024 clear. MRI January 2026: two lesions in the cerebellum, metastases."
    ),
    pytest.param("exclusion", "Brain metastases", "No new brain metastases."),
    pytest.param("exclusion", "Brain metastases", "Brain metastases are stable, no progression."),
    pytest.param("exclusion", "Uncontrolled hypertension", "Hypertension. BP 172/104 in spite of three drugs."),
    pytest.param("exclusion", "Uncontrolled hypertension", "Hypertension was well controlled until December, now BP 178/100."),
    pytest.param(
        "exclusion", "Myocardial infarction within 6 months", "No myocardial infarction in 2024. NSTEMI on 2025-11-02."
    ),
    pytest.param(
        "exclusion",
        "Pregnant or breastfeeding",
        "A 32-year-old woman. Pregnancy test negative in October; period now 7 weeks late.",
    ),
    pytest.param("exclusion", "Pregnant or breastfeeding", "A 32-year-old woman, not pregnant, nursing her son."),
    pytest.param("exclusion", "Use of anticoagulants", "Not on warfarin any more, switched to apixaban."),
    pytest.param("exclusion", "Use of anticoagulants", "Aspirin stopped. Rivaroxaban continued."),
    pytest.param(
        "exclusion",
        "Systemic corticosteroids > 10 mg prednisone per day within 14 days",
        "Prednisone reduced from 20 mg to 15 mg daily.",
    ),
    pytest.param(
        "exclusion", "Systemic corticosteroids > 10 mg prednisone per day within 14 days", "Dexamethasone 4 mg daily."
    ),
    pytest.param(
        "exclusion",
        "Live vaccine within 30 days before first dose",
        "No live vaccine planned. Yellow fever vaccine given on 2026-01-10.",
    ),
    pytest.param("exclusion", "HIV infection", "HIV test was negative in 2019; positive in 2025."),
    pytest.param("exclusion", "HIV infection", "HIV negative partner. On Biktarvy."),
    pytest.param("exclusion", "HIV infection", "HIV negative according to the patient; lab report HIV antibody positive."),
    pytest.param(
        "exclusion",
        "Prior allogeneic stem cell transplantation",
        "His sister, the donor, is healthy. He was transplanted in 2022 (allogeneic).",
    ),
    pytest.param(
        "exclusion", "Solid organ transplantation", "He gave a kidney to his brother and in 2024 he received a liver."
    ),
    pytest.param(
        "exclusion", "Major surgery within 4 weeks before enrollment", "No surgery in 2025. Hemicolectomy on 2026-01-08."
    ),
    pytest.param(
        "exclusion", "Major surgery within 4 weeks before enrollment", "Surgery planned and done on 2026-01-09: gastrectomy."
    ),
    pytest.param("inclusion", "Hemoglobin ≥ 9 g/dL", "Hb 9.8 g/dL in November, 8.2 g/dL on 2026-01-18."),
    pytest.param("inclusion", "Platelets ≥ 100 x10^9/L", "Platelets 99."),
    pytest.param("inclusion", "Platelets ≥ 100 x10^9/L", "Platelets 102 reported first, corrected to 92."),
    pytest.param("inclusion", "Creatinine ≤ 1.5 mg/dL", "Creatinine 150 µmol/L."),
    pytest.param("inclusion", "Creatinine clearance ≥ 60 mL/min", "eGFR 62, CrCl by Cockcroft-Gault 52 mL/min."),
    pytest.param("inclusion", "ECOG performance status 0-1", "ECOG was 1 in autumn, now 2."),
    pytest.param("inclusion", "ECOG performance status 0-1", "ECOG 1-2."),
    pytest.param("inclusion", "Life expectancy of at least 3 months", "Life expectancy is less than 3 months."),
    pytest.param("inclusion", "Life expectancy of at least 3 months", "Life expectancy of 3 months cannot be assured."),
    pytest.param("inclusion", "Measurable disease per RECIST 1.1", "Only bone lesions, no measurable disease."),
    pytest.param(
        "inclusion", "Histologically confirmed breast cancer", "Her mother had breast cancer. She has a lump, biopsy pending."
    ),
    pytest.param(
        "inclusion",
        "Histologically confirmed breast cancer",
        "Breast cancer suspected on mammography; biopsy showed fibroadenoma.",
    ),
    pytest.param("inclusion", "HER2-positive breast cancer", "Breast cancer, ER positive, HER2 not amplified."),
    pytest.param("inclusion", "HER2-positive breast cancer", "Breast cancer, HER2 1+."),
    pytest.param("inclusion", "EGFR mutation", "EGFR expression positive, no EGFR mutation."),
    pytest.param("inclusion", "No prior systemic therapy for metastatic disease", "One line of FOLFOX for metastatic disease."),
    pytest.param(
        "inclusion",
        "No prior systemic therapy for metastatic disease",
        "No radiotherapy. Capecitabine for liver metastases until May 2025.",
    ),
    pytest.param("inclusion", "Signed informed consent", "She was given the consent form but has not signed it."),
    pytest.param("inclusion", "Signed informed consent", "Refuses to sign informed consent."),
    pytest.param("inclusion", "Willing to use contraception", "34-year-old woman, does not want to use contraception."),
    pytest.param(
        "inclusion", "Postmenopausal or using contraception", "44-year-old woman with regular cycles and no contraception."
    ),
    pytest.param("inclusion", "Progression after platinum-based chemotherapy", "No progression after cisplatin."),
    pytest.param("inclusion", "Progression after platinum-based chemotherapy", "Progression before cisplatin was started."),
    pytest.param("inclusion", "Complete remission after induction", "Partial remission after induction."),
    pytest.param("inclusion", "Age 18 to 75 years", "Her son is 20 years old. She is 77."),
    pytest.param("inclusion", "Age 18 to 75 years", "Man of 75, turns 76 on 22 January 2026."),
    pytest.param("inclusion", "Left ventricular ejection fraction ≥ 50%", "LVEF 45-50 %."),
    pytest.param("inclusion", "Left ventricular ejection fraction ≥ 50%", "LVEF 55 % in 2020, 42 % now."),
    pytest.param("inclusion", "Stable dose of methotrexate for 3 months", "Methotrexate started 5 weeks ago."),
    pytest.param("inclusion", "Stable dose of methotrexate for 3 months", "Methotrexate for 2 years, dose raised last week."),
    pytest.param("exclusion", "Allergy to penicillin", "No known allergies except penicillin."),
    pytest.param("exclusion", "Diabetes mellitus", "No diabetes insipidus. HbA1c 8.4 %."),
    pytest.param("exclusion", "Alcohol abuse", "Denies alcohol abuse; wife reports a bottle of whisky a day."),
    pytest.param("exclusion", "QTc > 470 ms", "QTc 455 ms, repeat 482 ms on the same day."),
    pytest.param("exclusion", "QTc > 470 ms", "QTc was 460 ms before amiodarone, 490 ms after."),
    pytest.param("exclusion", "Hepatitis C", "Anti-HCV positive, HCV RNA 2 million IU/mL."),
    pytest.param(
        "exclusion", "Active tuberculosis", "Tuberculosis treated in 2010. Now cough, sputum positive for acid-fast bacilli."
    ),
    pytest.param("exclusion", "Bleeding disorder", "No bleeding. Haemophilia A carrier with factor VIII 25 %."),
    pytest.param(
        "exclusion", "Depression", "Depression screening negative in May; admitted in December with severe depression."
    ),
    pytest.param(
        "exclusion", "Use of strong CYP3A4 inhibitors", "Ketoconazole cream stopped; itraconazole capsules since last week."
    ),
    pytest.param("exclusion", "Peripheral neuropathy grade 2 or higher", "No grade 3 neuropathy; neuropathy grade 2."),
    pytest.param("exclusion", "Peripheral neuropathy grade 2 or higher", "No grade 3 or higher neuropathy."),
    pytest.param("exclusion", "Congestive heart failure", "No acute heart failure. Chronic heart failure NYHA II."),
    pytest.param("exclusion", "Ascites requiring drainage", "Ascites, drained twice in January."),
    pytest.param("exclusion", "Uncontrolled diabetes", "Type 2 diabetes, HbA1c 11.2 %."),
    pytest.param("exclusion", "Uncontrolled diabetes", "Type 2 diabetes, HbA1c 6.9 % in 2021; HbA1c now 10 %."),
    pytest.param("exclusion", "Immunodeficiency", "Not HIV infected. Common variable immunodeficiency on immunoglobulins."),
    pytest.param("exclusion", "Epilepsy", "Epilepsy in childhood, seizure-free for 20 years without drugs."),
    pytest.param("exclusion", "Active malignancy", "Prostate cancer under active surveillance."),
    pytest.param("exclusion", "Active hepatitis B", "HBsAg positive, HBV DNA 12,000 IU/mL."),
    pytest.param("exclusion", "Severe renal impairment (eGFR < 30 mL/min)", "eGFR 45 in June, 28 today."),
    pytest.param("exclusion", "Severe renal impairment (eGFR < 30 mL/min)", "On hemodialysis three times a week."),
    pytest.param("exclusion", "Hyperkalemia > 5.5 mmol/L", "K 5.6."),
    pytest.param("inclusion", "Platelets > 100,000/µL", "Plt 100 x10^9/L."),
    pytest.param("inclusion", "Bilirubin ≤ 1.5 × ULN", "Bilirubin 2.0 mg/dL (ULN 1.2)."),
    pytest.param("inclusion", "HbA1c between 7.5 and 10.0 %", "HbA1c 53 mmol/mol."),
    pytest.param("inclusion", "BMI 18.5-30 kg/m2", "Weight 95 kg, height 1.70 m."),
    pytest.param("inclusion", "BMI 18.5-30 kg/m2", "BMI was 29, now 32 after steroids."),
    pytest.param("inclusion", "Systolic blood pressure < 140 mmHg", "BP 138/88 on the left and 146/90 on the right arm."),
    pytest.param("inclusion", "Negative pregnancy test", "Pregnancy test not done yet, 29-year-old woman."),
    pytest.param("inclusion", "Adequate contraception", "29-year-old woman, uses no contraception."),
    pytest.param("inclusion", "ER-positive breast cancer", "Breast cancer, ER 0 %, PR 0 %."),
    pytest.param("inclusion", "ER-positive breast cancer", "Breast cancer left ER negative; DCIS right ER positive."),
    pytest.param("inclusion", "Stage IV non-small cell lung cancer", "Stage IIIB NSCLC."),
    pytest.param("inclusion", "Stage IV non-small cell lung cancer", "NSCLC stage III, progressed? PET pending."),
    pytest.param("inclusion", "No prior chemotherapy", "No chemotherapy for the lung cancer; R-CHOP for lymphoma in 2012."),
    pytest.param("inclusion", "No prior chemotherapy", "Chemotherapy-naive until January, when carboplatin was given."),
    pytest.param("inclusion", "At least one prior line of therapy", "Treatment-naive."),
    pytest.param("inclusion", "At least two prior lines of therapy", "One prior line (FOLFIRI)."),
    pytest.param("inclusion", "Disease progression on or after osimertinib", "On osimertinib, stable disease."),
    pytest.param("inclusion", "Able to swallow tablets", "Fed through a PEG, cannot swallow tablets."),
    pytest.param("inclusion", "Able to swallow tablets", "Swallows liquids only."),
    pytest.param("inclusion", "Stable angina", "Unstable angina in December."),
    pytest.param("inclusion", "NYHA class II-III heart failure", "Heart failure NYHA IV."),
    pytest.param("inclusion", "Non-smoker for at least 6 months", "Stopped smoking two months ago."),
    pytest.param("inclusion", "Non-smoker", "Smokes 5 cigarettes a day, trying to quit."),
    pytest.param("inclusion", "Diagnosis of type 2 diabetes", "Type 2 diabetes was considered, but it is LADA."),
    pytest.param("inclusion", "Diagnosis of type 2 diabetes", "Her twin sister has type 2 diabetes; she has prediabetes."),
    pytest.param("inclusion", "Recovered from prior surgery", "Not yet recovered from the colectomy."),
    pytest.param("inclusion", "Wound fully healed", "Wound still open and draining."),
    pytest.param("exclusion", "Unhealed wound", "The wound is not yet healed."),
    pytest.param("exclusion", "Peripheral neuropathy ≥ grade 2", "Neuropathy was grade 1, now grade 3."),
    pytest.param(
        "exclusion", "Deep vein thrombosis within 3 months", "DVT of the right leg in 2019; new DVT on the left 2025-12-20."
    ),
    pytest.param("exclusion", "Chronic use of NSAIDs", "No paracetamol. Ibuprofen 600 mg three times a day for a year."),
    pytest.param("exclusion", "Concomitant use of metformin", "Metformin paused for the contrast CT, to be resumed tomorrow."),
    pytest.param("exclusion", "Sensitivity to contrast agents", "No allergy to latex. Hives after iodinated contrast."),
    pytest.param(
        "exclusion", "Autoimmune disease", "No autoimmune disease known to the patient; records: Graves disease 2010."
    ),
    pytest.param("exclusion", "Autoimmune disease", "ANA negative. Rheumatoid arthritis."),
    pytest.param("exclusion", "Asthma", "No asthma attacks this year; asthma since childhood."),
    pytest.param("exclusion", "Glaucoma", "No glaucoma in the right eye; the left eye was operated for glaucoma."),
    pytest.param("exclusion", "Cirrhosis", "Fibrosis F4 on FibroScan."),
    pytest.param(
        "exclusion", "Clinically significant ECG abnormalities", "ECG normal in 2023. ECG today: third-degree AV block."
    ),
    pytest.param("exclusion", "Bleeding within 4 weeks", "No bleeding since the melena of 10 January 2026."),
    pytest.param("exclusion", "Radiotherapy within 2 weeks", "Last radiotherapy fraction on 9 January 2026."),
    pytest.param("exclusion", "Radiotherapy within 2 weeks before first dose", "Radiotherapy until 2026-01-15."),
    pytest.param("exclusion", "Blood transfusion within 2 weeks before screening", "Two units of red cells last Thursday."),
    pytest.param("exclusion", "Investigational drug within 30 days", "Got a study drug in another trial until 2 January 2026."),
    pytest.param(
        "exclusion",
        "Hospitalization for heart failure within 3 months",
        "Not hospitalized for heart failure last year; admitted with pulmonary edema 2026-01-05.",
    ),
    pytest.param("exclusion", "Brain metastases, unless treated and stable", "Brain metastases, untreated."),
    pytest.param(
        "exclusion", "Brain metastases, unless treated and stable", "Brain metastases irradiated, growing on the last MRI."
    ),
    pytest.param("exclusion", "Hypothyroidism, except if on stable hormone replacement", "Hypothyroidism, untreated."),
    pytest.param("exclusion", "Hepatitis B, unless HBV DNA is undetectable", "Hepatitis B, HBV DNA 3,400 IU/mL."),
    pytest.param("exclusion", "Viral hepatitis", "Hepatitis A vaccinated. Hepatitis E IgM positive, ALT 900."),
]
"""Notes that seem to pass and do not: denials of something else, people, plans, older values, exceptions, sides, sources."""

REACH = [
    pytest.param("exclusion", "Penicillin allergy", "No known allergies except penicillin.", "violated", id="spared"),
    pytest.param("exclusion", "Penicillin allergy", "No allergies other than to latex.", "satisfied", id="another is spared"),
    pytest.param("exclusion", "Brain metastases", "Brain MRI of 2025-12-01 clear.", "satisfied", id="a look of last month"),
    pytest.param("exclusion", "Brain metastases", "Brain MRI of 2023 clear.", "unknown", id="a look of years ago"),
    pytest.param("exclusion", "HIV infection", "HIV test: laboratory report negative.", "satisfied", id="one source"),
    pytest.param(
        "exclusion", "HIV infection", "HIV test: lab report negative, GP letter positive.", "conflicting", id="two sources"
    ),
    pytest.param("inclusion", "BRCA mutation", "BRCA2 variant of uncertain significance.", "unknown", id="of unknown meaning"),
    pytest.param("exclusion", "Warfarin", "Warfarin stopped in December, restarted on 10 January.", "violated", id="restarted"),
    pytest.param("exclusion", "Warfarin", "Warfarin stopped in December, not restarted.", "satisfied", id="not restarted"),
    pytest.param("inclusion", "HBsAg positive", "HBsAg 2026-01-03: negative.", "violated", id="a result behind its date"),
    pytest.param("exclusion", "HIV infection", "HIV test (2026-01-03): negative.", "satisfied", id="a result behind brackets"),
    pytest.param(
        "exclusion",
        "History of hepatitis C",
        "Hepatitis C in 2015, now PCR negative.",
        "violated",
        id="an illness behind a result",
    ),
    pytest.param("exclusion", "HIV infection", "HIV-negative partner.", "unknown", id="a partner's test"),
    pytest.param(
        "exclusion",
        "Neuropathy of grade 2 or higher",
        "No grade 3 neuropathy; neuropathy grade 2.",
        "violated",
        id="a grade less",
    ),
    pytest.param(
        "exclusion",
        "Neuropathy of grade 2 or higher",
        "Neuropathy was grade 3, now grade 1.",
        "satisfied",
        id="the later grade",
    ),
    pytest.param(
        "exclusion", "Prior radiotherapy to the pelvis", "No radiotherapy to the pelvis.", "satisfied", id="the site itself"
    ),
    pytest.param("exclusion", "Prior radiotherapy", "No radiotherapy to the left hip.", "unknown", id="one site of many"),
    pytest.param(
        "exclusion",
        "Liver metastases",
        "Nasopharyngeal carcinoma, no other illness.",
        "unknown",
        id="spread is no other illness",
    ),
    pytest.param(
        "exclusion",
        "Hepatitis C",
        "Cystitis last week, no other infection. Anti-HCV result awaited.",
        "unknown",
        id="no other infection, but one is looked for",
    ),
    pytest.param(
        "exclusion",
        "Prednisone > 10 mg daily or other immunosuppressants",
        "Prednisone 5 mg daily.",
        "satisfied",
        id="a small dose is no other drug",
    ),
    pytest.param(
        "inclusion",
        "Lung cancer",
        "DCIS of the breast in 2012, no other cancer.",
        "unknown",
        id="the trial's own may go unnamed",
    ),
    pytest.param("inclusion", "Lung cancer", "Colon cancer, no other cancer.", "violated", id="another one is named"),
    pytest.param("inclusion", "Non-smoker for at least 6 months", "Stopped smoking in 2020.", "satisfied", id="long stopped"),
    pytest.param(
        "inclusion", "Non-smoker for at least 6 months", "Stopped smoking two months ago.", "violated", id="just stopped"
    ),
    pytest.param("exclusion", "Breastfeeding women", "A 35-year-old woman; nursing is long over.", "satisfied", id="over"),
    pytest.param(
        "exclusion",
        "Chemotherapy within 6 months",
        "FOLFOX until May 2025, no chemotherapy or radiation since.",
        "satisfied",
        id="none since",
    ),
    pytest.param(
        "inclusion",
        "Prior chemotherapy",
        "FOLFOX until May 2025. No chemotherapy or radiation since.",
        "satisfied",
        id="before it",
    ),
    pytest.param("exclusion", "Major surgery within 4 weeks", "Surgery on 2026-01-12.", "unknown", id="perhaps a major one"),
    pytest.param("inclusion", "QTc < 470 ms", "QTc 455 ms, repeat 462 ms.", "satisfied", id="both readings pass"),
    pytest.param("exclusion", "Uncontrolled asthma", "Asthma, well controlled until May.", "unknown", id="a state of the past"),
    pytest.param(
        "exclusion", "Uncontrolled comorbidities", "Eczema; poorly controlled diabetes.", "violated", id="out of control"
    ),
    pytest.param("exclusion", "Serious comorbidities", "Eczema.", "unknown", id="which illness counts is not said"),
    pytest.param("exclusion", "Active psoriasis", "Psoriasis since 1990, quiet for years.", "satisfied", id="quiet"),
    pytest.param("exclusion", "Bleeding", "No bleeding since the operation.", "unknown", id="none since an event"),
]

UNITS = [
    pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hb 9.0 g/dL.", "satisfied", id="g/dL, the bound itself"),
    pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hb 8.9 g/dL.", "violated", id="g/dL, just below"),
    pytest.param("inclusion", "ANC ≥ 1.5 × 10⁹/L", "ANC 1,450/µL.", "violated", id="/µL to ×10⁹/L"),
    pytest.param("inclusion", "Platelets ≥ 100,000/mm3", "Platelets 128 x10^9/L.", "satisfied", id="×10⁹/L to /mm3"),
    pytest.param(
        "inclusion", "Creatinine ≤ 1.5 × ULN", "Creatinine 1.6 mg/dL (ULN 1.3).", "satisfied", id="the lab's own limit"
    ),
    pytest.param("inclusion", "Creatinine ≤ 1.5 × ULN", "Creatinine 1.6 mg/dL.", "unknown", id="no limit given, none guessed"),
    pytest.param("inclusion", "ALT ≤ 2.5 × ULN", "ALT normal.", "satisfied", id="normal is within any multiple"),
    pytest.param("inclusion", "INR ≤ 1.5 × ULN", "INR 1.0.", "satisfied", id="an INR of 1 is normal by definition"),
    pytest.param("exclusion", "HBV DNA ≥ 2000 IU/mL", "HBV DNA 850 copies/mL.", "satisfied", id="copies are fewer IU"),
    pytest.param("exclusion", "HBV DNA ≥ 500 IU/mL", "HBV DNA 2,600 copies/mL.", "unknown", id="the assay's range straddles"),
    pytest.param("inclusion", "Creatinine ≤ 133 µmol/L", "Creatinine 1.4 mg/dL.", "satisfied", id="mg/dL to µmol/L"),
    pytest.param("inclusion", "Age 18-70 years", "Born 1955-06-30.", "satisfied", id="70 completed years"),
    pytest.param("inclusion", "Age 18-70 years", "Born 1955-01-27.", "violated", id="71 on the day of the start"),
    pytest.param("inclusion", "Age 18-70 years", "Born 1955-01-28.", "satisfied", id="71 the day after the start"),
]

DAYS = [
    pytest.param(
        "Live vaccine within 6 months of screening", "No live vaccine in the last year.", "satisfied", id="denied stretch"
    ),
    pytest.param(
        "Live vaccine within 6 months of screening", "No live vaccine in the last 3 months.", "unknown", id="too short"
    ),
    pytest.param("Live vaccine within 6 months of screening", "No live vaccine in 2024.", "unknown", id="a year that is past"),
    pytest.param("Live vaccine within 4 weeks of screening", "No live vaccine before 2020.", "unknown", id="denied until then"),
    pytest.param("Seizure within 6 months", "No seizures since June 2024.", "satisfied", id="none since"),
    pytest.param("Seizure within 6 months", "No seizures since December 2025.", "unknown", id="none since late"),
    pytest.param("Current use of corticosteroids", "No steroids in 2024.", "unknown", id="then is not now"),
    pytest.param("Pregnancy", "A 30-year-old woman. Pregnancy test negative last week.", "satisfied", id="a look holds"),
    pytest.param(
        "Major surgery within 28 days before the first dose", "Appendectomy on 2025-12-30.", "violated", id="day 28 is in"
    ),
    pytest.param(
        "Major surgery within 28 days before the first dose", "Appendectomy on 2025-12-29.", "satisfied", id="day 29 is out"
    ),
    pytest.param(
        "Live vaccine within 4 weeks before treatment", "MMR booster on 2025-12-30.", "violated", id="four weeks to the day"
    ),
    pytest.param("Live vaccine within 4 weeks before treatment", "MMR booster on 2025-12-29.", "satisfied", id="a day more"),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Heart attack on 2025-07-27.", "violated", id="to the day"
    ),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Heart attack in 2024.", "satisfied", id="a year suffices"
    ),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Heart attack in 2025.", "unknown", id="a year straddles"
    ),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Never had a heart attack.", "satisfied", id="never"
    ),
]

EVENTS = [
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Radical radiotherapy ended in March 2023. Distant metastasis in May 2025.",
        "satisfied",
        id="a year after the cure",
    ),
    pytest.param(
        "inclusion",
        "Liver metastasis at least 1 year after prior radical therapy",
        "Radical radiotherapy ended in March 2025. Liver metastasis in October 2025.",
        "violated",
        id="months after the cure",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Palliative radiotherapy ended in March 2023. Distant metastasis in May 2025.",
        "unknown",
        id="no cure was tried",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Radiotherapy ended in March 2023. Distant metastasis in May 2025.",
        "unknown",
        id="whether it was to cure is not said",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Radical radiotherapy ended in May 2024. Distant metastasis in May 2025.",
        "unknown",
        id="a year to the month",
    ),
    pytest.param(
        "inclusion",
        "Developed liver metastasis more than 6 months after treatment completion",
        "Chemotherapy until February 2023. Liver metastasis in May 2025. Chemotherapy again until November 2025.",
        "satisfied",
        id="what was given later does not count",
    ),
    pytest.param(
        "inclusion",
        "Developed liver metastasis more than 6 months after treatment completion",
        "Chemotherapy until February 2023, radiotherapy until April 2025. Liver metastasis in May 2025.",
        "violated",
        id="the latest before it counts",
    ),
    pytest.param(
        "inclusion",
        "Developed liver metastasis more than 6 months after treatment completion",
        "Liver metastasis in May 2025.",
        "unknown",
        id="no treatment is named",
    ),
    pytest.param(
        "exclusion",
        "Pneumonitis within 3 months after the last dose of pembrolizumab",
        "Pembrolizumab until June 2024. Pneumonitis in July 2024.",
        "violated",
        id="soon after the last dose",
    ),
    pytest.param(
        "exclusion",
        "Pneumonitis within 3 months after the last dose of pembrolizumab",
        "Pembrolizumab until June 2024. Pneumonitis in July 2025.",
        "satisfied",
        id="long after the last dose",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis more than 1 year after diagnosis",
        "Nasopharyngeal carcinoma diagnosed in 2021. Distant metastasis in May 2025.",
        "satisfied",
        id="after the diagnosis of the study's disease",
    ),
    pytest.param(
        "inclusion",
        "Liver metastasis more than 6 months after the last dose of cisplatin",
        "Cisplatin until May 2024. Liver metastasis in March 2025. Numb toes since cisplatin.",
        "satisfied",
        id="named again without a day",
    ),
    pytest.param("inclusion", "At least 6 months post-stroke", "Stroke on 2025-03-02.", "satisfied", id="time and event alone"),
    pytest.param("inclusion", "At least 6 months post-stroke", "Stroke on 2025-11-02.", "violated", id="too early"),
    pytest.param("inclusion", "3 to 12 months post-stroke", "Stroke on 2026-01-02.", "violated", id="a stretch has two ends"),
    pytest.param("inclusion", "Stroke 3 to 12 months ago", "Stroke on 2025-08-02.", "satisfied", id="inside the stretch"),
    pytest.param(
        "inclusion",
        "At least 28 days after completion of radiotherapy",
        "Radiotherapy ended on 2026-01-10.",
        "violated",
        id="a wait that is not over",
    ),
    pytest.param(
        "inclusion",
        "At least 28 days after completion of radiotherapy",
        "Never had radiotherapy.",
        "satisfied",
        id="nothing to wait for",
    ),
    pytest.param(
        "inclusion",
        "At least 100 days after kidney transplantation",
        "Never had a transplant.",
        "violated",
        id="what must be there",
    ),
    pytest.param("exclusion", "Prior PD-1 inhibitor", "Takes no medicines.", "unknown", id="not taken now, of the past"),
    pytest.param(
        "exclusion",
        "Major surgery within 28 days before the first dose",
        "Duodenojejunostomy on 12 January 2026. Hysterectomy in 2019.",
        "unknown",
        id="an operation that may be a major one",
    ),
    pytest.param(
        "exclusion",
        "Autoimmune disease requiring systemic treatment within the past 2 years",
        "I had myositis of the thighs and took azathioprine until June 2024.",
        "violated",
        id="treated with what it took",
    ),
    pytest.param(
        "exclusion",
        "Autoimmune disease requiring systemic treatment within the past 2 years",
        "Vitiligo, prednisone for gout in May 2025.",
        "unknown",
        id="treated for something else",
    ),
    pytest.param("exclusion", "Anticoagulants", "Metformin and nothing else.", "unknown", id="nothing else of what"),
    pytest.param("exclusion", "Heart failure", "My heart is fine.", "satisfied", id="a fine heart"),
    pytest.param(
        "exclusion", "History of heart failure", "My heart is fine.", "unknown", id="a fine heart says nothing of the past"
    ),
    pytest.param("exclusion", "HIV infection", "Cystitis, cured; no other infection.", "unknown", id="a silent infection"),
    pytest.param("exclusion", "Distant metastasis", "I have no other illness.", "unknown", id="spread is looked for"),
    pytest.param("exclusion", "Pneumonia", "Cystitis, cured; no other infection.", "satisfied", id="an infection one feels"),
    pytest.param(
        "exclusion",
        "Live vaccine within 30 days before leukapheresis",
        "MMR booster on 2026-01-12.",
        "violated",
        id="study procedure",
    ),
    pytest.param(
        "inclusion",
        "Neoadjuvant chemotherapy for two months",
        "Neoadjuvant chemotherapy on 2025-12-01.",
        "unknown",
        id="one dose",
    ),
]
BEGINNINGS = [
    pytest.param(
        "Diagnosed within the last 2 years", "Nasopharyngeal carcinoma diagnosed in March 2025.", "satisfied", id="new"
    ),
    pytest.param("Diagnosed within the last 2 years", "Nasopharyngeal carcinoma since 2019.", "violated", id="old"),
    pytest.param("Diagnosed within the last 2 years", "Asthma diagnosed in March 2025.", "unknown", id="another disease"),
    pytest.param("Diagnosed within the last 2 years", "Nasopharyngeal carcinoma.", "unknown", id="no day"),
    pytest.param(
        "At least 3 months since diagnosis", "Nasopharyngeal carcinoma diagnosed in May 2025.", "satisfied", id="since"
    ),
    pytest.param(
        "Time since diagnosis ≥ 6 months", "Nasopharyngeal carcinoma diagnosed in December 2025.", "violated", id="time"
    ),
    pytest.param("Disease onset ≤ 5 years", "Nasopharyngeal carcinoma diagnosed in 2023.", "unknown", id="it may be older"),
    pytest.param("Disease onset ≤ 5 years", "Nasopharyngeal carcinoma diagnosed in 2016.", "violated", id="onset is no later"),
    pytest.param("Disease onset ≤ 5 years", "Nasopharyngeal carcinoma since 2023.", "satisfied", id="onset"),
    pytest.param("Duration of diabetes > 1 year", "Diabetes since 2019.", "satisfied", id="duration of"),
    pytest.param(
        "Diabetes duration of at least 12 months", "Diabetes since November 2025.", "violated", id="duration behind it"
    ),
    pytest.param(
        "Type 1 diabetes diagnosed less than 1 year ago", "Type 1 diabetes since 2014.", "violated", id="lasting illness"
    ),
    pytest.param("Diagnosis of asthma at least 12 months prior to screening", "Asthma since 2014.", "satisfied", id="named"),
    pytest.param("Acute stroke with onset within 24 hours", "Acute stroke on 2025-12-20.", "violated", id="hours"),
]

EXCEPTIONS = [
    pytest.param(
        "inclusion",
        "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases",
        "Liver metastases on CT. ALT 160 U/L (ULN 40).",
        "satisfied",
        id="the wider bound for the group",
    ),
    pytest.param(
        "inclusion",
        "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases",
        "No liver metastases. ALT 160 U/L (ULN 40).",
        "violated",
        id="the narrow bound for the rest",
    ),
    pytest.param(
        "exclusion",
        "Other malignancy within 5 years, except cured basal cell carcinoma",
        "Basal cell carcinoma cured in 2024; no other cancer.",
        "satisfied",
        id="excepted",
    ),
    pytest.param(
        "exclusion",
        "Other malignancy within 5 years, except cured basal cell carcinoma",
        "Melanoma treated in 2024.",
        "violated",
        id="not excepted",
    ),
    pytest.param(
        "exclusion",
        "HCV antibody positive, eligible only if HCV RNA is negative",
        "Anti-HCV positive, HCV RNA not detected.",
        "satisfied",
        id="a polarity that flips inside an exclusion",
    ),
    pytest.param(
        "exclusion",
        "HCV antibody positive, eligible only if HCV RNA is negative",
        "Anti-HCV positive, HCV RNA positive.",
        "violated",
        id="and the other way",
    ),
    pytest.param(
        "inclusion",
        "Age ≥ 18 years, male or non-pregnant female",
        "61-year-old woman.",
        "satisfied",
        id="too old to be pregnant",
    ),
    pytest.param("exclusion", "Autoimmune disease", "Her mother has lupus.", "unknown", id="family is not the patient"),
    pytest.param("exclusion", "Prior PD-1 inhibitor", "Pembrolizumab was discussed.", "unknown", id="discussed is not given"),
    pytest.param(
        "exclusion", "Prior PD-1 inhibitor", "Three doses of toripalimab in 2024.", "violated", id="a drug of the class"
    ),
    pytest.param("exclusion", "Prior chemotherapy", "Treatment-naive.", "satisfied", id="a denial flows down"),
    pytest.param("exclusion", "Patients on anticoagulants", "I take a blood thinner.", "violated", id="a lay word"),
]


@pytest.mark.parametrize(("kind", "criterion", "note", "expected"), [*STATES, *REACH, *UNITS, *EVENTS, *EXCEPTIONS])
def test_a_line_against_a_note(kind: Kind, criterion: str, note: str, expected: Status) -> None:
    assert status(judged(kind, criterion, note), kind) == expected


@pytest.mark.parametrize(("criterion", "note", "expected"), BEGINNINGS)
def test_a_beginning_counts_from_the_diagnosis(criterion: str, note: str, expected: Status) -> None:
    assert status(judged("inclusion", criterion, note), "inclusion") == expected


@pytest.mark.parametrize(("criterion", "note", "expected"), DAYS)
def test_days_count_to_the_anchor(criterion: str, note: str, expected: Status) -> None:
    assert status(judged("exclusion", criterion, note), "exclusion") == expected


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize(("kind", "criterion", "note"), FOOLED)
def test_nothing_fools_it_into_satisfied(kind: Kind, criterion: str, note: str, complete: bool) -> None:
    assert status(judged(kind, criterion, note, complete=complete), kind) != "satisfied"


@pytest.mark.parametrize(
    ("kind", "criterion", "note", "told"),
    [
        pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hb 9.4 g/dL.", "9.4 g/dL = 94 g/L", id="the conversion"),
        pytest.param(
            "inclusion", "Creatinine ≤ 1.5 × ULN", "Creatinine 1.6 mg/dL (ULN 1.3).", "1.231 × ULN", id="the multiple"
        ),
        pytest.param(
            "exclusion", "Autoimmune disease", "She has Graves disease.", "counts as autoimmune disease", id="the class"
        ),
    ],
)
def test_the_working_is_shown(kind: Kind, criterion: str, note: str, told: str) -> None:
    assert told in sentence(judged(kind, criterion, note), kind, "clinician")


@pytest.mark.parametrize(
    ("kind", "criterion", "note", "clinician", "patient"),
    [
        pytest.param(
            "inclusion",
            "ECOG 0-1",
            "ECOG 1.",
            "ECOG performance status 1, and 0 to 1 is required.",
            "Your ECOG performance status is 1, and the trial asks for 0 to 1.",
            id="a value that passes",
        ),
        pytest.param(
            "exclusion",
            "HIV infection",
            "No HIV.",
            "“No HIV” rules out HIV infection.",
            "You said “No HIV”, which rules out HIV infection.",
            id="a denial",
        ),
        pytest.param(
            "inclusion",
            "Type 2 diabetes",
            "No diabetes.",
            "“No diabetes” rules out type 2 diabetes, which is required.",
            "You said “No diabetes”, but the trial asks for type 2 diabetes.",
            id="a denial of what is required",
        ),
        pytest.param(
            "exclusion",
            "Uncontrolled hypertension",
            "Hypertension since 2019.",
            "Whether “Hypertension since 2019” is uncontrolled is not stated.",
            "You did not say whether “Hypertension since 2019” is uncontrolled.",
            id="a detail that is not said",
        ),
        pytest.param(
            "exclusion",
            "Glaucoma",
            "Gout.",
            "Not stated: glaucoma.",
            "You have not told us about glaucoma.",
            id="nothing said",
        ),
    ],
)
def test_a_reason_is_one_flowing_sentence(kind: Kind, criterion: str, note: str, clinician: str, patient: str) -> None:
    found = judged(kind, criterion, note)
    assert (sentence(found, kind, "clinician"), sentence(found, kind, "patient")) == (clinician, patient)


def test_a_long_reason_is_cut_and_a_criterion_is_not_repeated() -> None:
    text = "Able and willing, in the opinion of the investigator, to attend each of the visits that are planned in the year"
    assert text not in sentence(judged("inclusion", text, "Gout."), "inclusion", "clinician")
    many = "Epilepsy, gout, stroke, asthma, psoriasis, lupus, migraine or glaucoma"
    said = sentence(
        judged("exclusion", many, "No epilepsy, gout, stroke, asthma, psoriasis or lupus."), "exclusion", "clinician"
    )
    assert len(said.split()) <= 45


def test_the_first_clear_day_is_named() -> None:
    found = judged("exclusion", "Live vaccine within 4 weeks before treatment", "MMR booster on 2026-01-12.")
    assert "2026-02-10" in (change(found, passes=False) or "")


def test_silence_is_absence_only_in_a_complete_note_and_says_so() -> None:
    note = "A 60-year-old man with hypertension."
    open_, closed = (judged("exclusion", "Interstitial lung disease", note, complete=complete) for complete in (False, True))
    assert (status(open_, "exclusion"), open_.assumed) == ("unknown", False)
    assert (status(closed, "exclusion"), closed.assumed) == ("satisfied", True)
