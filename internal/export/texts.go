package export

import "sipas/internal/survey"

// Texts of the codebook. They stand here and not among the messages of the
// pages, because both languages are written into one file.
var (
	notAsked = survey.Text{"vi": "Bộ phiếu này không hỏi; cột luôn trống", "en": "Not asked by this questionnaire; always empty"}

	yesNo = []survey.Option{
		{Value: "0", Label: survey.Text{"vi": "Không chọn", "en": "Not chosen"}},
		{Value: "1", Label: survey.Text{"vi": "Có chọn", "en": "Chosen"}},
	}

	stateTexts = []survey.Option{
		{Value: string(survey.Counted), Label: survey.Text{"vi": "Được tính", "en": "Counted"}},
		{Value: string(survey.Partial), Label: survey.Text{"vi": "Dở dang, giữ lại, không tính", "en": "Stopped half-way; kept, not counted"}},
		{Value: string(survey.Quarantined), Label: survey.Text{"vi": "Nghi vấn, giữ lại, không tính", "en": "Under suspicion; kept, not counted"}},
		{Value: string(survey.Rejected), Label: survey.Text{"vi": "Không hợp lệ, giữ lại, không tính", "en": "Judged invalid; kept, not counted"}},
	}

	channelTexts = []survey.Option{
		{Value: string(survey.QR), Label: survey.Text{"vi": "Mã QR", "en": "QR code"}},
		{Value: string(survey.Kiosk), Label: survey.Text{"vi": "Màn hình tại quầy", "en": "Kiosk"}},
		{Value: string(survey.Link), Label: survey.Text{"vi": "Đường dẫn", "en": "Link"}},
		{Value: string(survey.Interviewer), Label: survey.Text{"vi": "Điều tra viên", "en": "Interviewer"}},
	}

	fixedTexts = map[string]survey.Text{
		"seq":          {"vi": "Số thứ tự khi lưu: 1, 2, 3 … trong toàn hệ thống, không có khoảng trống", "en": "Order of storing: 1, 2, 3 … over the whole system, without holes"},
		"id":           {"vi": "Mã phiếu (UUID) do thiết bị tạo", "en": "Id of the response (UUID), made by the device"},
		"wave":         {"vi": "Mã đợt khảo sát", "en": "Survey round"},
		"instrument":   {"vi": "Bộ phiếu và phiên bản", "en": "Questionnaire and version"},
		"unit":         {"vi": "Mã đơn vị", "en": "Code of the unit"},
		"unit_name":    {"vi": "Tên đơn vị", "en": "Name of the unit"},
		"point":        {"vi": "Mã điểm thu thập", "en": "Code of the collection point"},
		"channel":      {"vi": "Kênh trả lời", "en": "Way the answer came"},
		"device":       {"vi": "Thiết bị đã ghép nối, nếu có", "en": "Paired device, if any"},
		"service":      {"vi": "Mã thủ tục hành chính, nếu có nêu", "en": "Administrative procedure, if named"},
		"locale":       {"vi": "Ngôn ngữ của phiếu", "en": "Language of the form"},
		"started_at":   {"vi": "Lúc bắt đầu trả lời, theo đồng hồ thiết bị", "en": "When answering began, by the device's clock"},
		"submitted_at": {"vi": "Lúc gửi, theo đồng hồ thiết bị; ngày này quyết định phiếu thuộc kỳ nào", "en": "When it was sent, by the device's clock; this day decides its period"},
		"received_at":  {"vi": "Lúc máy chủ nhận", "en": "When the server received it"},
		"state":        {"vi": "Phiếu có được tính không, theo kết luận cuối cùng khi xuất tệp", "en": "Whether the response counts, by what was last decided when the file was written"},
		"reasons":      {"vi": "Mã các quy tắc mà phiếu không qua, cách nhau bằng dấu cách; phiếu được tính cũng có thể có", "en": "Codes of the rules it did not pass, with a space between; a counted response may have some too"},
		"comment":      {"vi": "Ý kiến viết tay", "en": "Open comment"},
	}

	pageTexts = map[string]survey.Text{
		"title":       {"vi": "Sổ mã", "en": "Codebook"},
		"source":      {"vi": "Nguồn", "en": "Source"},
		"status":      {"vi": "Tình trạng", "en": "Status"},
		"hash":        {"vi": "SHA-256 của bộ phiếu", "en": "SHA-256 of the questionnaire"},
		"how":         {"vi": "Cách đọc tệp dữ liệu", "en": "How to read the data file"},
		"missing":     {"vi": "Ô trống là không trả lời, không được hỏi, hoặc chọn “không có ý kiến”; không phải 0. Tệp NDJSON ghi null khi người trả lời chọn “không có ý kiến”.", "en": "An empty cell is not answered, not asked, or “no opinion”; it is not 0. The NDJSON file says null where “no opinion” was chosen."},
		"encoding":    {"vi": "CSV: UTF-8 có BOM, dòng kết thúc CRLF, dấu phẩy ngăn cột (RFC 4180). Thời gian theo RFC 3339 có múi giờ.", "en": "CSV: UTF-8 with BOM, lines end in CRLF, cells parted by commas (RFC 4180). Times are RFC 3339 with offset."},
		"formula":     {"vi": "Ô chữ bắt đầu bằng = + - @, Tab hoặc CR có thêm dấu ' ở trước, để bảng tính không chạy như công thức. Bỏ dấu đó khi xử lý.", "en": "A text cell that begins with = + - @, tab or CR has a ' before it, so that a spreadsheet does not run it as a formula. Take it off when processing."},
		"many":        {"vi": "Câu hỏi chọn nhiều có một cột 0/1 cho mỗi lựa chọn; cả nhóm trống nếu không trả lời.", "en": "A question with several answers has one 0/1 column for each; all are empty if it was not answered."},
		"index":       {"vi": "Cách tính chỉ số", "en": "How the index is computed"},
		"satisfied":   {"vi": "Mức tính là hài lòng", "en": "Answers that count as satisfied"},
		"variables":   {"vi": "Các cột", "en": "Columns"},
		"variable":    {"vi": "Cột", "en": "Column"},
		"question":    {"vi": "Nội dung", "en": "What it holds"},
		"kind":        {"vi": "Kiểu", "en": "Kind"},
		"values":      {"vi": "Giá trị", "en": "Values"},
		"place":       {"vi": "Nhóm › yếu tố", "en": "Domain › factor"},
		"asked":       {"vi": "Chỉ hỏi khi", "en": "Asked only if"},
		"unconfirmed": {"vi": "câu chữ phục dựng, chưa thấy bản gốc", "en": "wording reconstructed, not seen in a source"},
		"item":        {"vi": "Tiêu chí", "en": "Item"},
		"factor":      {"vi": "Yếu tố", "en": "Factor"},
		"domain":      {"vi": "Nhóm", "en": "Domain"},
		"overall":     {"vi": "Chung", "en": "Overall"},
		"units":       {"vi": "Đơn vị cấp trên", "en": "Parent units"},
		"decimals":    {"vi": "Số chữ số thập phân khi hiển thị, làm tròn nửa lên", "en": "Decimals shown, half up"},
	}
)
