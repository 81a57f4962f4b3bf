"""Names of countries and of their states and provinces, so that "Guangdong, China" after a comma is known for a place."""

COUNTRIES = frozenset(
    """Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados
    |Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia and Herzegovina|Botswana|Brazil|Brunei|Bulgaria|Burkina Faso|Burundi|Cambodia
    |Cameroon|Canada|Cape Verde|Central African Republic|Chad|Chile|China|Colombia|Congo|Costa Rica|Croatia|Cuba|Cyprus|Czech Republic
    |Czechia|Côte d'Ivoire|Democratic Republic of the Congo|Denmark|Dominican Republic|Ecuador|Egypt|El Salvador|Estonia|Ethiopia|Fiji
    |Finland|France|French Guiana|Gabon|Gambia|Georgia|Germany|Ghana|Greece|Guadeloupe|Guatemala|Guinea|Guinea-Bissau|Haiti|Honduras
    |Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait
    |Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Macau|Macao|Madagascar|Malawi|Malaysia
    |Maldives|Mali|Malta|Martinique|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia
    |Nepal|Netherlands|The Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Macedonia|Norway|Oman|Pakistan|Palestine|Panama
    |Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Puerto Rico|Qatar|Republic of Korea|Réunion|Romania|Russia
    |Russian Federation|Rwanda|Saudi Arabia|Senegal|Serbia|Sierra Leone|Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea
    |South Sudan|Spain|Sri Lanka|Sudan|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Togo|Trinidad and Tobago|Tunisia
    |Turkey|Turkey (Türkiye)|Türkiye|Turkmenistan|Uganda|Ukraine|United Arab Emirates|United Kingdom|UK|United States
    |United States of America|USA|Uruguay|Uzbekistan|Venezuela|Vietnam|Viet Nam|Yemen|Zambia|Zimbabwe|Korea, Republic of
    |Iran, Islamic Republic of|Korea""".replace("\n    ", "").split("|")
)
"""As ClinicalTrials.gov and its copies print them."""
STATES = frozenset(
    """Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|Florida|Georgia|Hawaii|Idaho
    |Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana
    |Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania
    |Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming
    |Puerto Rico""".replace("\n    ", "").split("|")
)
"""Of the United States."""
PROVINCES = frozenset(
    """Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Nova Scotia|Ontario|Prince Edward Island|Quebec|Québec
    |Saskatchewan|New South Wales|Queensland|South Australia|Tasmania|Victoria|Western Australia|Anhui|Beijing|Chongqing|Fujian|Gansu
    |Guangdong|Guangxi|Guizhou|Hainan|Hebei|Heilongjiang|Henan|Hubei|Hunan|Inner Mongolia|Jiangsu|Jiangxi|Jilin|Liaoning|Ningxia
    |Qinghai|Shaanxi|Shandong|Shanghai|Shanxi|Sichuan|Tianjin|Tibet|Xinjiang|Yunnan|Zhejiang""".replace("\n    ", "").split("|")
)
"""Of Canada, Australia and China."""
PLACES = COUNTRIES | STATES | PROVINCES
